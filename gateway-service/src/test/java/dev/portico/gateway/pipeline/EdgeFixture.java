package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.ResponseCacheDiskSettings;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.compression.Compressor;
import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.connection.ExchangeHandler;
import dev.portico.gateway.connection.ListenersFixture;
import dev.portico.gateway.connection.LoopsFixture;
import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.fixture.OriginServer;
import dev.portico.gateway.fixture.RawClient;
import dev.portico.gateway.origin.ClientFixture;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.PathPattern;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A gateway of one behaviour before one origin, with a clock that tests move. */
final class EdgeFixture implements AutoCloseable {
  static final Set<String> METHODS =
      Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

  final OriginServer origin;
  final MemoryStore store;
  final PassingStore asked;
  final InvalidationLease lease;
  final EdgeServing serving;
  final Queue<String> outcomes = new ConcurrentLinkedQueue<>();
  private final AtomicLong millis = new AtomicLong(System.currentTimeMillis());
  private final EventLoops loops = LoopsFixture.of(2);
  private final OriginClient client = ClientFixture.on(loops);
  private final PublicListeners listeners;
  private volatile EdgeBehaviour behaviour;

  EdgeFixture() throws IOException {
    this(new ResponseCacheSettings(32 << 20, 1 << 20, 0));
  }

  EdgeFixture(ResponseCacheSettings settings) throws IOException {
    this(settings, ResponseCacheDiskSettings.OFF);
  }

  EdgeFixture(ResponseCacheSettings settings, ResponseCacheDiskSettings disk) throws IOException {
    origin = new OriginServer(request -> request.ok("unused"));
    store = new MemoryStore(settings, disk);
    asked = new PassingStore(store);
    lease = new InvalidationLease(asked, System::nanoTime);
    lease.renew(millis.get(), System.nanoTime(), Duration.ofDays(36_500));
    serving = new EdgeServing(asked, lease, settings, client, new Compressor(client), millis::get);
    behaviour = behaviour(null, METHODS, ClientFixture.origin(origin.port(), 1_000), null);
    listeners =
        ListenersFixture.open(
            loops,
            new ExchangeHandler() {
              @Override
              public void handle(ViewerExchange exchange) {
                serving.serve(exchange, behaviour);
              }

              @Override
              public void refuse(ViewerExchange exchange, EdgeError error) {
                ErrorReplies.reply(exchange, error, false);
              }

              @Override
              public void finished(ViewerExchange exchange) {
                outcomes.add(exchange.timeline().outcome().label());
              }
            });
  }

  private static EdgeBehaviour behaviour(
      @Nullable CachePolicy policy,
      Set<String> methods,
      HttpOrigin first,
      @Nullable HttpOrigin second) {
    return new EdgeBehaviour(
        "demo",
        "app",
        new Behaviour(PathPattern.ALL, "app", null, methods),
        first,
        second,
        policy,
        OriginFacts.NONE,
        false);
  }

  /**
   * Forgets everything: a new policy, which methods are allowed, when the origin counts as down.
   */
  void reset(@Nullable CachePolicy policy, Set<String> methods, int failures) {
    store.removeAll();
    outcomes.clear();
    behaviour = behaviour(policy, methods, ClientFixture.origin(origin.port(), failures), null);
  }

  /** Forgets everything: who is asked, and who is when that fails. */
  void reset(HttpOrigin first, @Nullable HttpOrigin second) {
    store.removeAll();
    outcomes.clear();
    behaviour = behaviour(null, METHODS, first, second);
  }

  /** Asks another origin from now on; what is stored stays. */
  void turnTo(HttpOrigin first) {
    behaviour = behaviour(null, METHODS, first, null);
  }

  /** Moves the cache's clock. */
  void pass(Duration time) {
    millis.addAndGet(time.toMillis());
  }

  int port() {
    return listeners.httpPort();
  }

  RawClient viewer() throws IOException {
    return new RawClient(port());
  }

  /** One request on a connection of its own. */
  RawClient.Response get(String path, String... headers) throws IOException {
    try (RawClient viewer = viewer()) {
      return viewer.get("demo.localhost", path, headers).read();
    }
  }

  RawClient.Response ask(String method, String path, String... headers) throws IOException {
    try (RawClient viewer = viewer()) {
      return viewer
          .send(RawClient.head(method, "demo.localhost", path, headers))
          .read(!method.equals("HEAD"));
    }
  }

  /** The requests that the origin has had for a path. */
  long asked(String path) {
    return origin.requests().stream()
        .filter(r -> r.requestLine().contains(' ' + path + ' '))
        .count();
  }

  OriginServer.Request last() {
    return origin.requests().getLast();
  }

  /** Answers every request so. */
  void answers(String head, String body) {
    origin.behave(
        request -> {
          request.drain();
          String length = "Content-Length: " + body.length();
          boolean bodyless = request.requestLine().startsWith("HEAD ");
          request.send("HTTP/1.1 " + head + "\r\n" + length + "\r\n\r\n" + (bodyless ? "" : body));
        });
  }

  @Override
  public void close() throws IOException {
    listeners.drain(Duration.ofMillis(100));
    store.close();
    ClientFixture.close(client);
    LoopsFixture.stop(loops);
    origin.close();
  }
}
