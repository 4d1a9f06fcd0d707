package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.cache.HotBlob;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.routing.BlobDigest;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of hot blobs, and what is heard, is what deploy/contracts says. */
class HotBlobsJsonTest {
  private static final HotBlob SCRIPT =
      new HotBlob(
          BlobDigest.parse("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
          ContentCoding.BR,
          12_044);
  private static final HotBlob IMAGE =
      new HotBlob(
          BlobDigest.parse("fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"),
          ContentCoding.IDENTITY,
          48_211);

  private static byte[] golden(String name) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return Files.readAllBytes(root.resolve("deploy/contracts").resolve(name));
  }

  private static List<HotBlob> list(String json) throws IOException {
    return HotBlobsJson.list(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void writesAReport() throws IOException {
    JsonMapper json = JsonMapper.createDefault();
    Argument<JsonNode> tree = Argument.of(JsonNode.class);
    assertThat(
            json.readValue(
                HotBlobsJson.report("gw-7f3a9c2e51d04b86", List.of(SCRIPT, IMAGE)), tree))
        .isEqualTo(json.readValue(golden("hot-blobs-report.json"), tree));
  }

  @Test
  void readsAList() throws IOException {
    assertThat(HotBlobsJson.list(new ByteArrayInputStream(golden("hot-blobs.json"))))
        .containsExactly(IMAGE, SCRIPT);
  }

  @Test
  void passesOverWhatItDoesNotUnderstand() throws IOException {
    String digest = IMAGE.digest().hex();
    assertThat(
            list(
                """
                {"later": [1], "blobs": [
                  {"sha256": "abc", "coding": "identity", "size": 1},
                  {"sha256": "%s", "coding": "lzma", "size": 1},
                  {"sha256": "%s", "coding": "br"},
                  {"coding": "br", "size": 1},
                  {"sha256": "%s", "coding": "identity", "size": 48211, "later": {}}]}\
                """
                    .formatted(digest, digest, digest)))
        .containsExactly(IMAGE);
  }

  @Test
  void whatIsNoListIsAFailure() {
    for (String json : List.of("[]", "{\"blobs\":[{", "{\"blobs\":[{\"size\":\"x\"}]}")) {
      assertThatThrownBy(() -> list(json)).as(json).isInstanceOf(IOException.class);
    }
  }

  /** PORTICO_JSON_BODY_LIMIT is 256 KB at content-service. */
  @Test
  void theLargestReportIsTaken() {
    HotBlob largest = new HotBlob(IMAGE.digest(), ContentCoding.IDENTITY, Long.MAX_VALUE);
    assertThat(HotBlobsJson.report("gw", Collections.nCopies(WarmUp.REPORTED, largest)))
        .hasSizeLessThan(16 << 10);
  }
}
