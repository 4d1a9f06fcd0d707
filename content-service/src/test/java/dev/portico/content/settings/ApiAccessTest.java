package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiAccessTest {
  private static final SettingsEnvironment RULES =
      new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE);

  private static SettingsDocument put(String json) {
    return StoredSettings.none(true)
        .replacedBy(json.getBytes(StandardCharsets.UTF_8), RULES)
        .shown();
  }

  private static String origins(int count) {
    return "{\"api\":{\"corsOrigins\":[%s]}}"
        .formatted(
            IntStream.range(0, count)
                .mapToObj(i -> "\"https://a" + i + ".example\"")
                .collect(Collectors.joining(",")));
  }

  @Test
  void itIsOffUnlessAskedFor() {
    assertThat(put("{}").api()).isEqualTo(new ApiAccess(false, List.of()));
    assertThat(put("{\"api\":{}}").api()).isEqualTo(ApiAccess.NONE);
    assertThat(
            put("{\"api\":{\"mounted\":true,\"corsOrigins\":[\"http://a.example:8080\"]}}").api())
        .isEqualTo(new ApiAccess(true, List.of("http://a.example:8080")));
    assertThat(put(origins(Limits.API_ORIGINS)).api().corsOrigins()).hasSize(Limits.API_ORIGINS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "null",
        "",
        "app.example.com",
        "https://*.example.com",
        "https://App.example.com",
        "https://app.example.com/",
        "https://app.example.com/a",
        "https://app.example.com:443",
        "http://app.example.com:80",
        "https://user@app.example.com",
        "https://app_1.example.com",
        "ftp://app.example.com"
      })
  void anOriginIsWhatBrowsersSend(String origin) {
    assertThatThrownBy(() -> put("{\"api\":{\"corsOrigins\":[\"" + origin + "\"]}}"))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.errors())
                    .extracting(FieldError::field)
                    .containsExactly("api.corsOrigins[0]"));
  }

  @Test
  void thereIsALimitAndNothingIsThereTwice() {
    assertThatThrownBy(() -> put(origins(Limits.API_ORIGINS + 1))).isInstanceOf(Problem.class);
    assertThatThrownBy(
            () -> put("{\"api\":{\"corsOrigins\":[\"https://a.example\",\"https://a.example\"]}}"))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.errors())
                    .containsExactly(new FieldError("api.corsOrigins[1]", "is there twice")));
  }

  /** Whoever may publish could give pages the rights of their viewers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "api: {mounted: true}",
        "api: {corsOrigins: ['https://a.example']}",
        "context: {preview: {api: {mounted: true}}}",
        "context: {production: {api: {mounted: false}}}"
      })
  void aFileCannotHaveIt(String yaml) {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile.parse(
        yaml.getBytes(StandardCharsets.UTF_8), RULES, DeploymentSettings.ALL, faults);
    assertThat(faults)
        .singleElement()
        .satisfies(each -> assertThat(each.toString()).contains("api"));
  }
}
