package dev.portico.gateway.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.origin.OriginSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A content-service that never falls silent and never comes to an end, over real sockets. */
class ContentInternalIT {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static ContentInternal internal(String url) {
    URI address = URI.create(url);
    OriginSettings origins =
        new OriginSettings(
            address, address, "secret", address, SECOND, SECOND, SECOND, 0, 1, SECOND);
    Duration answer = Duration.ofMillis(300);
    return new ContentInternal(
        origins, new FeedSettings(Duration.ofMillis(10), SECOND, SECOND, answer));
  }

  private static void trickle(OriginServer.Request request, String what) throws IOException {
    request.drain();
    switch (what) {
      case "head" -> {
        request.send(OK + "X: ");
        request.trickle("a");
      }
      case "body" -> {
        request.send(OK + "Content-Length: 1000000\r\n\r\n");
        request.trickle(" ");
      }
      case "chunks" -> {
        request.send(CHUNKED);
        request.trickle("1\r\n \r\n");
      }
      case "chunk size" -> {
        request.send(CHUNKED);
        request.trickle("0");
      }
      default -> throw new IllegalArgumentException(what);
    }
  }

  /** The message of its failure, and proof that the thread is not left interrupted. */
  private static String failure(Callable<?> call) throws Exception {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              try {
                return "answered " + call.call();
              } catch (IOException e) {
                return Thread.currentThread().isInterrupted() ? "interrupted" : e.getMessage();
              }
            });
    Thread.ofVirtual().start(task);
    try {
      return task.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "body", "chunks", "chunk size"})
  void anAnswerThatTricklesIsGivenUp(String what) throws Exception {
    try (OriginServer server = new OriginServer(request -> trickle(request, what))) {
      ContentInternal content = internal(server.url());
      List<Callable<?>> calls =
          List.of(
              () -> content.manifest("docs", "aaaaaaaaaaaaaaaaaaaa"),
              () -> content.snapshot("docs"),
              () -> content.page(null),
              () ->
                  content.changes(
                      new ChangesQuestion("gw", null, 0, null, Duration.ofMillis(50), Map.of())));
      for (Callable<?> call : calls) {
        assertThat(failure(call)).startsWith("content-service did not answer whole within PT0.3");
      }
      await().until(() -> server.gone() == server.connections());
    }
  }
}
