package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.connection.SupposedRequest;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationJsonTest {
  private static final ViewerRequest REQUEST =
      SupposedRequest.of("GET", "https", "demo.localhost:8443", "/a?b", List.of(), "192.0.2.1", 1)
          .request();

  private static Explanation explanation() {
    Explanation why = new Explanation(false);
    why.note("site", "demo");
    why.note("cache", Map.of("lookedUp", true, "age", 7L));
    why.note("file", Map.of("path", "/ä"));
    why.note("status", 200);
    why.begin(ResponseHead.of(200).add("X-Long", "x".repeat(100)).build(), name -> "origin");
    return why;
  }

  @Test
  void allOfItIsAscii() {
    String all = ExplanationJson.within(10_000, REQUEST, explanation());
    assertThat(all)
        .startsWith(
            "{\"request\":{\"method\":\"GET\",\"url\":\"https://demo.localhost:8443/a?b\"},"
                + "\"site\":\"demo\"")
        .contains("\"path\":\"/\\u00E4\"", "\"age\":7", "\"by\":\"origin\"")
        .endsWith("\"removed\":[]}")
        .matches("[ -~]*");
  }

  @Test
  void withLittleRoomTheLongestGoesFirst() {
    String some = ExplanationJson.within(200, REQUEST, explanation());
    assertThat(some)
        .contains("\"site\":\"demo\"", "\"X-Long\":\"origin\"", "\"truncated\":true")
        .doesNotContain("lookedUp", "xxx")
        .hasSizeLessThanOrEqualTo(200);
    assertThat(ExplanationJson.within(60, REQUEST, explanation()))
        .isEqualTo("{\"site\":\"demo\",\"status\":200,\"truncated\":true}");
    assertThat(ExplanationJson.within(20, REQUEST, explanation()))
        .isEqualTo("{\"truncated\":true}");
  }
}
