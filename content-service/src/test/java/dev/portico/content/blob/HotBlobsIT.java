package dev.portico.content.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gateways say and are told over the internal port. */
class HotBlobsIT {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final String BLOB =
      "{\"sha256\":\"" + DIGEST + "\",\"coding\":\"br\",\"size\":7,\"new\":1}";

  private static ContentServer server;

  @BeforeAll
  static void start() {
    server = ContentServer.start(Map.of());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Answer report(String secret, String json) {
    return ContentServer.send("POST", server.at("internal", "/internal/hot-blobs"), secret, json);
  }

  private static Answer report(String blobs) {
    return report(ContentServer.SECRET, "{\"gateway\":\"gw-1\",\"blobs\":[" + blobs + "]}");
  }

  private static Answer ask(String port, String secret) {
    return ContentServer.send("GET", server.at(port, "/internal/hot-blobs"), secret, null);
  }

  @Test
  void whatAGatewayReportsIsTold() {
    assertThat(report(BLOB).status()).isEqualTo(204);
    Answer told = ask("internal", ContentServer.SECRET);
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.json().path("blobs")).hasSize(1);
    assertThat(told.json().at("/blobs/0/sha256").asText()).isEqualTo(DIGEST);
    assertThat(told.json().at("/blobs/0/coding").asText()).isEqualTo("br");
    assertThat(told.json().at("/blobs/0/size").asLong()).isEqualTo(7);
  }

  @Test
  void onlyGatewaysMayReportAndAsk() {
    String wrong = "x".repeat(40);
    assertThat(report(wrong, "{\"gateway\":\"gw-1\",\"blobs\":[]}").status()).isEqualTo(401);
    assertThat(ask("internal", wrong).status()).isEqualTo(401);
    assertThat(ask("api", ContentServer.SECRET).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sha256\":\"abc\",\"coding\":\"br\",\"size\":7}",
        "{\"sha256\":\"DIGEST\",\"coding\":\"lzma\",\"size\":7}",
        "{\"sha256\":\"DIGEST\",\"coding\":\"br\",\"size\":-1}",
        "{\"coding\":\"br\",\"size\":1}",
      })
  void whatIsNoBlobIsRefused(String blob) {
    assertThat(report(blob.replace("DIGEST", DIGEST)).status()).isEqualTo(400);
  }

  @Test
  void aGatewayNamesSoMany() {
    assertThat(report(String.join(",", Collections.nCopies(64, BLOB))).status()).isEqualTo(204);
    assertThat(report(String.join(",", Collections.nCopies(65, BLOB))).status()).isEqualTo(400);
  }
}
