package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The document that the build makes describes every route and how it fails. */
class OpenApiTest {
  private static final List<String> PUBLIC =
      List.of("sign-up", "confirm", "resend", "sign-in", "challenge", "refresh");

  private final Map<String, Object> document = load();

  private static Map<String, Object> load() {
    try (InputStream in =
        Objects.requireNonNull(
            OpenApiTest.class.getResourceAsStream("/META-INF/swagger/auth-service-1.yml"))) {
      return new Yaml().load(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked") // YAML has no types
  private static Map<String, Object> at(Map<String, Object> node, String... path) {
    Map<String, Object> at = node;
    for (String key : path) {
      assertThat(at).containsKey(key);
      at = (Map<String, Object>) Objects.requireNonNull(at.get(key));
    }
    return at;
  }

  @Test
  void namesEveryRoute() {
    assertThat(new TreeSet<>(at(document, "paths").keySet()))
        .containsExactly(
            "/v1/auth/challenge",
            "/v1/auth/confirm",
            "/v1/auth/me",
            "/v1/auth/refresh",
            "/v1/auth/resend",
            "/v1/auth/sign-in",
            "/v1/auth/sign-out",
            "/v1/auth/sign-up");
  }

  @Test
  void saysHowEveryRouteFails() {
    at(document, "paths")
        .keySet()
        .forEach(
            path -> {
              String verb = path.endsWith("/me") ? "get" : "post";
              var responses = at(document, "paths", path, verb, "responses");
              assertThat(responses.keySet())
                  .as(path)
                  .contains("400", "413", "415", "429", "503")
                  .anyMatch(status -> status.startsWith("2"));
              responses.keySet().stream()
                  .filter(status -> status.compareTo("400") >= 0)
                  .forEach(
                      status ->
                          assertThat(
                                  at(
                                      responses,
                                      status,
                                      "content",
                                      "application/problem+json",
                                      "schema"))
                              .containsEntry("$ref", "#/components/schemas/ProblemBody"));
            });
  }

  @Test
  void saysWhichRoutesNeedAToken() {
    for (String route : PUBLIC) {
      assertThat(at(document, "paths", "/v1/auth/" + route, "post")).doesNotContainKey("security");
    }
    for (var operation :
        List.of(
            at(document, "paths", "/v1/auth/me", "get"),
            at(document, "paths", "/v1/auth/sign-out", "post"))) {
      assertThat(operation).containsEntry("security", List.of(Map.of("accessToken", List.of())));
      assertThat(at(operation, "responses")).containsKey("401");
    }
  }
}
