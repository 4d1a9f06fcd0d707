package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a behaviour may not say of errors, and the defaults of what it does say. */
class ErrorResponseFaultsTest {
  private static final String PATH = "defaultBehaviour.errorResponses";

  private static StoredSettings put(String... errors) {
    String json = "{\"defaultBehaviour\":{\"errorResponses\":[" + String.join(",", errors) + "]}}";
    return StoredSettings.none(true)
        .replacedBy(
            json.getBytes(StandardCharsets.UTF_8),
            new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE));
  }

  /** Path of each fault within the list, and its reason. */
  private static Map<String, String> faults(String... errors) {
    try {
      put(errors);
      return Map.of();
    } catch (Problem problem) {
      return problem.errors().stream()
          .collect(
              Collectors.toMap(
                  fault -> fault.field().replace(PATH, ""),
                  FieldError::reason,
                  (a, b) -> a + "; " + b,
                  TreeMap::new));
    }
  }

  @Test
  void defaults() {
    assertThat(
            put("{\"status\":404,\"path\":\"/404.html\"}", "{\"status\":503}")
                .shown()
                .defaultBehaviour()
                .errorResponses())
        .containsExactly(
            new CustomErrorResponse(404, "/404.html", 404, 10),
            new CustomErrorResponse(503, null, 503, 10));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504})
  void statusesAreCloudFronts(int status) {
    String page = "\"path\":\"/a\",\"responseStatus\":";
    assertThat(faults("{\"status\":" + status + "," + page + "200}")).isEmpty();
    assertThat(faults("{\"status\":404," + page + status + "}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | [0].status",
        "{\"status\":401} | [0].status",
        "{\"status\":200} | [0].status",
        "{\"status\":404,\"path\":\"a\"} | [0].path",
        "{\"status\":404,\"path\":\"\"} | [0].path",
        "{\"status\":404,\"path\":\"/a?b\"} | [0].path",
        "{\"status\":404,\"path\":\"/../a\"} | [0].path",
        "{\"status\":404,\"path\":\"https://a/\"} | [0].path",
        "{\"status\":404,\"path\":\"/_headers\"} | [0].path",
        "{\"status\":404,\"path\":\"/%5fredirects\"} | [0].path",
        "{\"status\":404,\"path\":\"/portico.yml\"} | [0].path",
        "{\"status\":404,\"path\":\"/a\",\"responseStatus\":201} | [0].responseStatus",
        "{\"status\":404,\"path\":\"/a\",\"responseStatus\":302} | [0].responseStatus",
        "{\"status\":404,\"responseStatus\":200} | [0].responseStatus",
        "{\"status\":404,\"cachingMinTtlSeconds\":-1} | [0].cachingMinTtlSeconds",
        "{\"status\":404,\"page\":\"/a\"} | [0].page",
      })
  void faultsAreToldByTheirPath(String json, String path) {
    assertThat(faults(json)).containsOnlyKeys(path);
  }

  @Test
  void eachStatusOnce() {
    assertThat(faults("{\"status\":404}", "{\"status\":403}", "{\"status\":404}"))
        .containsEntry("[2].status", "is there twice")
        .hasSize(1);
  }

  @Test
  void pathsHaveALength() {
    String longest = "/" + "a".repeat(254);
    assertThat(faults("{\"status\":404,\"path\":\"" + longest + "\"}")).isEmpty();
    assertThat(faults("{\"status\":404,\"path\":\"" + longest + "a\"}"))
        .containsOnlyKeys("[0].path");
  }
}
