package dev.portico.content.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BlobControllerIT {
  private static final ContentServer SERVER =
      ContentServer.start(
          Map.of("portico.blob.variants.enabled", false, "portico.blob.collection.enabled", false));
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @AfterAll
  static void stop() {
    SERVER.close();
    CLIENT.close();
  }

  private static Digest store(byte[] bytes) throws IOException {
    SERVER
        .bean(BlobStore.class)
        .put(Digest.of(bytes), bytes.length, new ByteArrayInputStream(bytes));
    return Digest.of(bytes);
  }

  private static HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(SERVER.at("internal", path))
            .header("Authorization", "Bearer " + ContentServer.SECRET);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void wholeAndInPart() throws IOException, InterruptedException {
    byte[] bytes = new byte[300_000];
    new Random(5).nextBytes(bytes);
    String path = "/internal/blobs/" + store(bytes);
    HttpResponse<byte[]> whole = get(path);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(bytes);
    assertThat(header(whole, "Content-Length")).isEqualTo("300000");
    assertThat(header(whole, "Portico-Variants-State")).isEqualTo("pending");
    assertThat(whole.headers().firstValue("Portico-Variants")).hasValue("");
    HttpResponse<byte[]> part = get(path, "Range", "bytes=1000-1999");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 2000));
    assertThat(header(part, "Content-Range")).isEqualTo("bytes 1000-1999/300000");
    HttpResponse<byte[]> end = get(path, "Range", "bytes=-5");
    assertThat(end.body()).isEqualTo(Arrays.copyOfRange(bytes, 299_995, 300_000));
    HttpResponse<byte[]> beyond = get(path, "Range", "bytes=300000-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(header(beyond, "Content-Range")).isEqualTo("bytes */300000");
  }

  @Test
  void theFirstListedVariantThatExists() throws IOException, InterruptedException {
    byte[] bytes = "<p>text</p>".repeat(500).getBytes(UTF_8);
    Digest digest = store(bytes);
    VariantMaker maker = SERVER.bean(VariantMaker.class);
    maker.store(maker.make(digest).stream().toList());
    String path = "/internal/blobs/" + digest;
    HttpResponse<byte[]> zstd = get(path, "Accept-Encoding", "dcb, zstd, br");
    assertThat(header(zstd, "Content-Encoding")).isEqualTo("zstd");
    assertThat(header(zstd, "Portico-Variants")).isEqualTo("br, gzip, zstd");
    assertThat(header(zstd, "Portico-Variants-State")).isEqualTo("complete");
    assertThat(zstd.body().length).isLessThan(bytes.length / 10);
    assertThat(header(zstd, "Content-Length")).isEqualTo(Integer.toString(zstd.body().length));
    HttpResponse<byte[]> plain = get(path, "Accept-Encoding", "identity");
    assertThat(header(plain, "Content-Encoding")).isEmpty();
    assertThat(plain.body()).isEqualTo(bytes);
  }

  @Test
  void emptyAndUnknown() throws IOException, InterruptedException {
    assertThat(get("/internal/blobs/" + store(new byte[0])).body()).isEmpty();
    assertThat(get("/internal/blobs/" + "0".repeat(64)).statusCode()).isEqualTo(404);
    assertThat(get("/internal/blobs/nonsense").statusCode()).isEqualTo(404);
  }

  @Test
  void onlyForGateways() {
    String path = "/internal/blobs/" + "0".repeat(64);
    assertThat(ContentServer.send("GET", SERVER.at("internal", path), null, null).status())
        .isEqualTo(401);
    assertThat(ContentServer.send("GET", SERVER.api(path), ContentServer.SECRET, null).status())
        .isIn(401, 404);
  }
}
