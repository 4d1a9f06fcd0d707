package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The document that the build makes describes every route and how it fails. */
class OpenApiTest {
  private static final List<String> PUBLIC =
      List.of(
          "sign-up",
          "confirm",
          "resend",
          "sign-in",
          "challenge",
          "refresh",
          "challenge/totp",
          "forgot-password",
          "reset-password");
  private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete");

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
            "/v1/auth/audit",
            "/v1/auth/challenge",
            "/v1/auth/challenge/totp",
            "/v1/auth/change-password",
            "/v1/auth/confirm",
            "/v1/auth/credentials",
            "/v1/auth/forgot-password",
            "/v1/auth/groups",
            "/v1/auth/groups/{group}",
            "/v1/auth/groups/{group}/members",
            "/v1/auth/groups/{group}/members/{username}",
            "/v1/auth/me",
            "/v1/auth/me/email",
            "/v1/auth/me/email/resend",
            "/v1/auth/me/email/verify",
            "/v1/auth/mfa/totp",
            "/v1/auth/mfa/totp/verify",
            "/v1/auth/refresh",
            "/v1/auth/resend",
            "/v1/auth/reset-password",
            "/v1/auth/sign-in",
            "/v1/auth/sign-out",
            "/v1/auth/sign-up",
            "/v1/auth/users",
            "/v1/auth/users/{username}",
            "/v1/auth/users/{username}/disable",
            "/v1/auth/users/{username}/enable",
            "/v1/auth/users/{username}/invite",
            "/v1/auth/users/{username}/reset-password",
            "/v1/auth/users/{username}/sign-out");
  }

  @Test
  void saysHowEveryRouteFails() {
    operations()
        .forEach(
            (name, operation) -> {
              var responses = at(operation, "responses");
              assertThat(responses.keySet())
                  .as(name)
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
    var open = PUBLIC.stream().map(route -> "post /v1/auth/" + route).toList();
    assertThat(operations()).containsKeys(open.toArray(String[]::new));
    operations()
        .forEach(
            (name, operation) -> {
              if (open.contains(name)) {
                assertThat(operation).as(name).doesNotContainKey("security");
              } else {
                assertThat(operation)
                    .as(name)
                    .containsEntry("security", List.of(Map.of("accessToken", List.of())));
                assertThat(at(operation, "responses")).as(name).containsKey("401");
              }
            });
  }

  /** By verb and path. */
  private Map<String, Map<String, Object>> operations() {
    var operations = new TreeMap<String, Map<String, Object>>();
    for (String path : at(document, "paths").keySet()) {
      for (String verb : at(document, "paths", path).keySet()) {
        if (VERBS.contains(verb)) {
          operations.put(verb + ' ' + path, at(document, "paths", path, verb));
        }
      }
    }
    return operations;
  }
}
