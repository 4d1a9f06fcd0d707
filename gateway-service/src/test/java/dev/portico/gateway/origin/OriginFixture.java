package dev.portico.gateway.origin;

import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.connection.LoopsFixture;
import dev.portico.gateway.trace.Traces;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A client on one event loop, and origins to ask with it. */
public final class OriginFixture implements AutoCloseable {
  private final EventLoops loops;
  private final EventLoop loop;
  private final OriginClient client;

  OriginFixture(ReachSettings reach) {
    this(reach, LoopsFixture.of(1));
  }

  /** A client on these loops, which end with it. */
  OriginFixture(ReachSettings reach, EventLoops loops) {
    this(reach, loops, Traces.OFF);
  }

  /** A client that may go to loopback addresses of IPv4, whose tries these are told of. */
  OriginFixture(Traces traces) {
    this(reach("", ""), LoopsFixture.of(1), traces);
  }

  private OriginFixture(ReachSettings reach, EventLoops loops, Traces traces) {
    this.loops = loops;
    loop = loops.group().next();
    client = new OriginClient(settings(), reach, loops, traces);
  }

  /** A client that may go to loopback addresses of IPv4. */
  OriginFixture() {
    this(reach("", ""));
  }

  /** What allows loopback addresses of IPv4. */
  static ReachSettings reach(String nameServers, String authorities) {
    return new ReachSettings(1_000, 1_000, "127.0.0.0/8", authorities, nameServers);
  }

  private static OriginSettings settings() {
    URI nowhere = URI.create("http://127.0.0.1:1");
    Duration limit = Duration.ofSeconds(10);
    return new OriginSettings(nowhere, nowhere, "", nowhere, limit, limit, limit, 0, 4, limit);
  }

  OriginClient client() {
    return client;
  }

  EventLoop loop() {
    return loop;
  }

  /** Sends a request without a body; the answer collects what comes. */
  Answer get(HttpOrigin origin, String path) {
    return send(request(origin, "GET", path, 0));
  }

  /** Asks in a turn of the loop that pauses the answer, too: nothing of it has come by then. */
  Answer getPaused(HttpOrigin origin, String path) {
    Answer answer = new Answer();
    return onLoop(
        () -> {
          OriginCall call = client.send(request(origin, "GET", path, 0), loop, answer);
          call.pause();
          answer.call(call, loop);
          return answer;
        });
  }

  static OriginRequest request(
      HttpOrigin origin, String method, String path, long bodyLength, String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    return OriginRequest.of(Target.of(origin), method, path, headers, bodyLength);
  }

  Answer send(OriginRequest request) {
    Answer answer = new Answer();
    onLoop(
        () -> {
          answer.call(client.send(request, loop, answer), loop);
          return answer;
        });
    return answer;
  }

  /** Sends requests in one turn of the loop, so that no connection can be there before the last. */
  List<Answer> getAtOnce(HttpOrigin origin, int count) {
    return onLoop(
        () -> {
          List<Answer> answers = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            Answer answer = new Answer();
            answer.call(client.send(request(origin, "GET", "/" + i, 0), loop, answer), loop);
            answers.add(answer);
          }
          return answers;
        });
  }

  private <T> T onLoop(Callable<T> task) {
    return loop.submit(task).syncUninterruptibly().getNow();
  }

  @Override
  public void close() {
    client.close();
    LoopsFixture.stop(loops);
  }

  /** An origin at this host and port, to be changed as a test needs it. */
  public static Shape at(String host, int port) {
    return new Shape(host, port);
  }

  /** Collects what differs from the defaults of a test. */
  public static final class Shape {
    private final String host;
    private final int port;
    private boolean tls;
    private boolean http2;
    private boolean verify = true;
    private String prefix = "";
    private Duration connect = Duration.ofSeconds(5);
    private Duration firstByte = Duration.ofSeconds(5);
    private Duration idle = Duration.ofSeconds(5);
    private Duration whole = Duration.ZERO;
    private int attempts = 1;
    private List<HttpOrigin.Field> fields = List.of();
    private HttpOrigin.Breaker breaker = new HttpOrigin.Breaker(1_000, Duration.ofSeconds(10));
    private HttpOrigin.@Nullable Probe probe;
    private HttpOrigin.@Nullable Failover failover;

    private Shape(String host, int port) {
      this.host = host;
      this.port = port;
    }

    Shape tls() {
      tls = true;
      return this;
    }

    /** It is asked over HTTP/2. */
    public Shape http2() {
      http2 = true;
      return this;
    }

    Shape unverified() {
      verify = false;
      return this;
    }

    Shape prefix(String value) {
      prefix = value;
      return this;
    }

    Shape connect(Duration value) {
      connect = value;
      return this;
    }

    /** How long the head of a response may take. */
    public Shape firstByte(Duration value) {
      firstByte = value;
      return this;
    }

    /** How long nothing may move. */
    public Shape idle(Duration value) {
      idle = value;
      return this;
    }

    Shape whole(Duration value) {
      whole = value;
      return this;
    }

    Shape attempts(int value) {
      attempts = value;
      return this;
    }

    /** The one field that every request has besides. */
    public Shape field(String name, String value) {
      fields = List.of(new HttpOrigin.Field(name, value));
      return this;
    }

    /** When it counts as down. */
    public Shape breaker(int failures, Duration openFor) {
      breaker = new HttpOrigin.Breaker(failures, openFor);
      return this;
    }

    Shape probe(String path, Duration interval) {
      probe = new HttpOrigin.Probe(path, interval);
      return this;
    }

    Shape failover(Integer... statuses) {
      failover = new HttpOrigin.Failover("second", Set.of(statuses));
      return this;
    }

    /** The origin. */
    public HttpOrigin make() {
      return new HttpOrigin(
          "first", tls, host, port, prefix, http2, connect, firstByte, idle, whole, attempts,
          fields, verify, breaker, probe, failover);
    }
  }
}
