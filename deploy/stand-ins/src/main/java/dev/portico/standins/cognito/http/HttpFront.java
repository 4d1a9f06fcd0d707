package dev.portico.standins.cognito.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portico.standins.cognito.hosted.HostedEndpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The server. Requests run one at a time, but for while an identity provider is asked: that is what
 * makes pools, users and tokens consistent, and fast enough for a laptop.
 */
public final class HttpFront implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());

  static {
    // The JDK's server otherwise waits 40 ms with the second half of an answer.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService executor;
  private final Protocol protocol;
  private final PoolDocuments documents;
  private final HostedFront hosted;
  private final ControlPages control;
  private final ReentrantLock turn;

  private HttpFront(
      HttpServer server,
      ExecutorService executor,
      Protocol protocol,
      PoolDocuments documents,
      HostedFront hosted,
      ControlPages control,
      ReentrantLock turn) {
    this.server = server;
    this.executor = executor;
    this.protocol = protocol;
    this.documents = documents;
    this.hosted = hosted;
    this.control = control;
    this.turn = turn;
  }

  /**
   * Starts listening.
   *
   * @param turn the lock under which requests run
   * @throws UncheckedIOException when it cannot, for example since the port is taken
   */
  public static HttpFront start(
      InetSocketAddress address,
      Protocol protocol,
      PoolDocuments documents,
      HostedFront hosted,
      ControlPages control,
      ReentrantLock turn) {
    try {
      var server = HttpServer.create(address, 256);
      var executor = Executors.newVirtualThreadPerTaskExecutor();
      var front = new HttpFront(server, executor, protocol, documents, hosted, control, turn);
      server.setExecutor(executor);
      server.createContext("/", front::handle);
      server.start();
      return front;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange http) throws IOException {
    var exchange = new Exchange(http);
    try (http) {
      if (exchange.path().equals("/") && !exchange.method().equals("GET")) {
        var body = exchange.body();
        turn.lock();
        try {
          protocol.handle(exchange, body);
        } finally {
          turn.unlock();
        }
      } else if (exchange.path().contains("/.well-known/")) {
        turn.lock();
        try {
          documents.handle(exchange);
        } finally {
          turn.unlock();
        }
      } else if (HostedEndpoints.serve(exchange.path())) {
        var body = exchange.body();
        turn.lock();
        try {
          hosted.handle(exchange, body);
        } finally {
          turn.unlock();
        }
      } else {
        control.handle(exchange);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "cannot answer " + exchange.method() + " " + exchange.path(), e);
      exchange.answer(500, "text/plain; charset=utf-8", "internal error\n");
    }
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }
}
