package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.cache.store.ResponseCacheDiskSettings;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.fixture.ContentFeedServer;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.fixture.RunningGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses that come from disk, over sockets, before and after a restart. */
class DiskCacheIT {
  private static final int SLICE = 64 << 10;
  @TempDir Path folder;

  private EdgeFixture edge() throws IOException {
    return new EdgeFixture(
        new ResponseCacheSettings(1 << 20, 64 << 10, SLICE),
        new ResponseCacheDiskSettings(folder.toString(), 64 << 20));
  }

  private static void answers(EdgeFixture edge, String... fields) {
    edge.origin.behave(
        request -> {
          String path = request.requestLine().split(" ", -1)[1];
          String body = (path + ' ').repeat(path.startsWith("/filler") ? 4_000 : 1_000);
          String more = String.join("\r\n", fields) + "\r\n";
          if (request.header("if-none-match").equals("\"one\"")) {
            request.send("HTTP/1.1 304 Not Modified\r\n" + more + "\r\n");
          } else {
            request.send(
                "HTTP/1.1 200 OK\r\n"
                    + more
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body);
          }
        });
  }

  private static void written(EdgeFixture edge, long count) {
    await().until(() -> edge.store.second().written() >= count);
  }

  /** Fills memory with what is asked for more often, until nothing else is in it. */
  private static void fill(EdgeFixture edge) throws IOException {
    for (int i = 0; i < 40; i++) {
      for (int use = 0; use < 8; use++) {
        edge.get("/filler" + i);
      }
    }
  }

  @Test
  void whatHasLeftMemoryIsAHitForAllWhoAsk() throws Exception {
    try (EdgeFixture edge = edge()) {
      answers(edge, "Cache-Control: max-age=600", "ETag: \"one\"");
      for (int i = 0; i < 60; i++) {
        edge.get("/page" + i);
      }
      written(edge, 60);
      fill(edge);
      long before = edge.store.second().loaded();
      List<CompletableFuture<RawClient.Response>> viewers = new ArrayList<>();
      for (int i = 0; i < 180; i++) {
        String path = "/page" + i % 60;
        viewers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return edge.get(path);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      for (int i = 0; i < viewers.size(); i++) {
        RawClient.Response response = viewers.get(i).get();
        assertThat(response.header("x-cache")).isEqualTo("Hit from portico");
        assertThat(response.header("cache-status")).contains("portico; hit; ttl=");
        assertThat(response.text()).isEqualTo(("/page" + i % 60 + ' ').repeat(1_000));
      }
      assertThat(edge.store.second().loaded()).isGreaterThan(before);
      for (int i = 0; i < 60; i++) {
        assertThat(edge.asked("/page" + i)).isEqualTo(1);
      }
      assertThat(edge.get("/page1", "If-None-Match: \"one\"").status()).isEqualTo(304);
      assertThat(edge.get("/page2", "Range: bytes=0-5").text()).isEqualTo("/page2");
    }
  }

  @Test
  void afterARestartTheOriginConfirmsOrWhatIsHeldStandsIn() throws IOException {
    try (EdgeFixture edge = edge()) {
      answers(edge, "Cache-Control: max-age=600", "ETag: \"one\"");
      edge.get("/page");
      edge.get("/other");
      written(edge, 2);
    }
    try (EdgeFixture edge = edge()) {
      await().until(() -> edge.store.second().entries() == 2);
      answers(edge, "Cache-Control: max-age=600", "ETag: \"one\"");
      RawClient.Response confirmed = edge.get("/page");
      assertThat(confirmed.header("x-cache")).isEqualTo("RefreshHit from portico");
      assertThat(confirmed.text()).isEqualTo("/page ".repeat(1_000));
      assertThat(edge.last().header("if-none-match")).isEqualTo("\"one\"");
      assertThat(edge.get("/page").header("x-cache")).isEqualTo("Hit from portico");
      edge.origin.behave(OriginServer.Request::cut);
      RawClient.Response held = edge.get("/other");
      assertThat(held.status()).isEqualTo(200);
      assertThat(held.header("cache-status")).contains("detail=stale-if-error");
      assertThat(held.text()).isEqualTo("/other ".repeat(1_000));
      edge.store.invalidate("demo", Purge.paths("/other"));
      assertThat(edge.get("/other").status()).isEqualTo(502);
    }
  }

  @Test
  void slicesComeFromDisk() throws IOException {
    String video = "0123456789abcdef".repeat(20_000);
    try (EdgeFixture edge = edge()) {
      video(edge, video);
      assertThat(edge.get("/video").text()).isEqualTo(video);
      written(edge, 6);
    }
    try (EdgeFixture edge = edge()) {
      await().until(() -> edge.store.second().entries() == 6);
      video(edge, video);
      assertThat(edge.get("/video").text()).isEqualTo(video);
      assertThat(edge.get("/video", "Range: bytes=70000-70009").text())
          .isEqualTo(video.substring(70_000, 70_010));
      assertThat(edge.origin.requests()).hasSize(1);
      assertThat(edge.last().header("if-none-match")).isEqualTo("\"v\"");
    }
  }

  private static void video(EdgeFixture edge, String content) {
    edge.origin.behave(
        request -> {
          String head = "Cache-Control: max-age=600\r\nETag: \"v\"\r\nAccept-Ranges: bytes\r\n";
          String range = request.header("range");
          if (request.header("if-none-match").equals("\"v\"")) {
            request.send("HTTP/1.1 304 Not Modified\r\n" + head + "\r\n");
          } else if (range.isEmpty()) {
            request.send(
                "HTTP/1.1 200 OK\r\n"
                    + head
                    + "Content-Length: "
                    + content.length()
                    + "\r\n\r\n"
                    + content);
          } else {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            int first = Integer.parseInt(ends[0]);
            int last = Math.min(Integer.parseInt(ends[1]), content.length() - 1);
            int length = last - first + 1;
            request.send(
                "HTTP/1.1 206 Partial Content\r\n"
                    + head
                    + "Content-Range: bytes "
                    + first
                    + "-"
                    + last
                    + "/"
                    + content.length()
                    + "\r\nContent-Length: "
                    + length
                    + "\r\n\r\n"
                    + content.substring(first, last + 1));
          }
        });
  }

  @Test
  void theWholeGatewayRestarts() throws IOException {
    try (ContentFeedServer content = new ContentFeedServer();
        OriginServer origin = new OriginServer(request -> request.ok("unused"))) {
      origin.behave(
          request ->
              request.send(
                  request.header("if-none-match").equals("\"one\"")
                      ? "HTTP/1.1 304 Not Modified\r\nETag: \"one\"\r\n\r\n"
                      : "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nETag: \"one\"\r\n"
                          + "Content-Length: 4\r\n\r\nbody"));
      content.publish(
          "demo", "aaaaaaaaaaaaaaaaaaaa", ContentFeedServer.Page.html("/index.html", "home"));
      content.settings("demo", EdgeGatewayIT.settings(origin.port()));
      try (RunningGateway gateway = gateway(content)) {
        await().until(gateway::ready);
        await().until(() -> ask(gateway).text().equals("body"));
        assertThat(ask(gateway).header("x-cache")).isEqualTo("Hit from portico");
        await().until(() -> gateway.context().getBean(MemoryStore.class).second().written() >= 1);
      }
      try (RunningGateway gateway = gateway(content)) {
        await().until(gateway::ready);
        await().until(() -> gateway.context().getBean(MemoryStore.class).second().entries() == 1);
        RawClient.Response again = ask(gateway);
        assertThat(again.header("x-cache")).isEqualTo("RefreshHit from portico");
        assertThat(again.text()).isEqualTo("body");
      }
    }
  }

  private RunningGateway gateway(ContentFeedServer content) {
    return new RunningGateway(
        "portico.origin.content-internal",
        content.address(),
        "portico.origin.content-secret",
        ContentFeedServer.SECRET,
        "portico.origin.allowed-inner",
        "127.0.0.0/8",
        "portico.response-cache.disk.folder",
        folder.toString());
  }

  private static RawClient.Response ask(RunningGateway gateway) throws IOException {
    try (RawClient viewer = new RawClient(gateway.port())) {
      return viewer.send(RawClient.head("GET", "demo.localhost", "/app/page")).read();
    }
  }
}
