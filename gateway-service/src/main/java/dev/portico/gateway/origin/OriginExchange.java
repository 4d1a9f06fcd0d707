package dev.portico.gateway.origin;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.NettyHeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request to an origin and its response. Asked again once, on a fresh connection, when a pooled
 * one turns out to have been closed before it answered a byte, and nothing of a body has been sent
 * (RFC 9110, section 9.2.2; RFC 9112, section 9.3.1).
 */
final class OriginExchange implements OriginCall {
  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");

  private final OriginClient client;
  private final OriginPool pool;
  private final OriginRequest request;
  private final EventLoop loop;
  private final OriginListener listener;
  private final Pace pace;
  private final Deque<ByteBuf> early = new ArrayDeque<>(0);
  private @Nullable OriginConnection connection;
  private @Nullable ScheduledFuture<?> timer;
  private boolean over;
  private boolean answered;
  private boolean bodySent;
  private boolean requestEnded;
  private boolean paused;
  private boolean reusable;
  private boolean flushScheduled;
  private long lastMoveNanos = System.nanoTime();

  OriginExchange(
      OriginClient client,
      OriginPool pool,
      OriginRequest request,
      EventLoop loop,
      OriginListener listener) {
    this.client = client;
    this.pool = pool;
    this.request = request;
    this.loop = loop;
    this.listener = listener;
    this.requestEnded = !request.hasBody();
    this.pace = new Pace(request.leastRate(), client.settings().idleTimeout().toNanos());
  }

  void start() {
    if (over) {
      return;
    }
    OriginConnection pooled = pool.take(request.origin());
    if (pooled != null) {
      sendOn(pooled);
    } else {
      connect();
    }
  }

  private void connect() {
    Future<OriginConnection> connecting = client.connect(request.origin(), loop);
    connecting.addListener(
        (FutureListener<OriginConnection>)
            connected -> {
              if (!connected.isSuccess()) {
                fail(EdgeError.ORIGIN_UNREACHABLE, "no connection", connected.cause());
              } else if (over) {
                connected.getNow().detach();
                pool.give(request.origin(), connected.getNow());
              } else {
                sendOn(connected.getNow());
              }
            });
  }

  private void sendOn(OriginConnection chosen) {
    connection = chosen;
    chosen.attach(this);
    chosen.channel().config().setAutoRead(!paused);
    moved();
    HttpRequest head =
        new DefaultHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            request.target(),
            request.headers().copy());
    chosen.channel().write(head);
    while (!early.isEmpty()) {
      bodySent = true;
      chosen.channel().write(new DefaultHttpContent(early.removeFirst()));
    }
    if (requestEnded) {
      chosen.channel().write(LastHttpContent.EMPTY_LAST_CONTENT);
    }
    chosen.channel().flush();
    scheduleCheck();
    if (request.hasBody() && !requestEnded && chosen.channel().isWritable()) {
      listener.writable();
    }
  }

  @Override
  public void write(ByteBuf bytes) {
    if (over || requestEnded) {
      bytes.release();
      return;
    }
    OriginConnection current = connection;
    if (current == null) {
      early.addLast(bytes);
      return;
    }
    bodySent = true;
    moved();
    current.channel().write(new DefaultHttpContent(bytes));
    flushSoon(current);
  }

  @Override
  public void end() {
    if (over || requestEnded) {
      return;
    }
    requestEnded = true;
    moved();
    OriginConnection current = connection;
    if (current != null) {
      current.channel().write(LastHttpContent.EMPTY_LAST_CONTENT);
      flushSoon(current);
    }
  }

  private void flushSoon(OriginConnection current) {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.execute(
          () -> {
            flushScheduled = false;
            current.channel().flush();
          });
    }
  }

  @Override
  public boolean writable() {
    OriginConnection current = connection;
    return !over && (current == null ? early.isEmpty() : current.channel().isWritable());
  }

  void originWritable() {
    if (!over) {
      moved();
      listener.writable();
    }
  }

  @Override
  public void pause() {
    paused = true;
    setReading(false);
  }

  @Override
  public void resume() {
    if (paused) {
      paused = false;
      moved();
      pace.begin(lastMoveNanos);
      setReading(true);
    }
  }

  private void setReading(boolean reading) {
    OriginConnection current = connection;
    if (current != null && !over) {
      current.channel().config().setAutoRead(reading);
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      stop();
      drop();
    }
  }

  void received(Object message) {
    moved();
    try {
      if (message instanceof HttpResponse response) {
        if (response.decoderResult().isFailure()) {
          fail(EdgeError.ORIGIN_PROTOCOL, "invalid response", response.decoderResult().cause());
          return;
        }
        head(response);
      }
      if (message instanceof HttpContent content && answered && !over) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpResponse response) {
    int status = response.status().code();
    if (status == 100) {
      listener.continues();
      return;
    }
    if (status < 200) {
      return; // Early hints and the like end here.
    }
    answered = true;
    pace.begin(lastMoveNanos);
    scheduleCheck(); // The time for the body is shorter than the one for the head.
    reusable = HttpUtil.isKeepAlive(response);
    listener.head(status, new NettyHeaderFields(response.headers()), length(response, status));
  }

  private long length(HttpResponse response, int status) {
    if (status == 204 || status == 304) {
      return 0;
    }
    if (HttpUtil.isTransferEncodingChunked(response)) {
      return -1;
    }
    long length = HttpUtil.getContentLength(response, -1L);
    if (length < 0 && !request.method().equals("HEAD")) {
      reusable = false; // Its end is the connection's end.
    }
    return length;
  }

  private void content(HttpContent content) {
    if (content.decoderResult().isFailure()) {
      fail(EdgeError.ORIGIN_PROTOCOL, "invalid body", content.decoderResult().cause());
      return;
    }
    if (content.content().isReadable()) {
      pace.received(content.content().readableBytes());
      listener.data(content.content().retain());
    }
    // The listener may have cancelled meanwhile.
    if (!over && content instanceof LastHttpContent) {
      complete();
    }
  }

  private void complete() {
    stop();
    OriginConnection current = connection;
    connection = null;
    if (current != null) {
      current.detach();
      if (reusable && requestEnded && current.usable()) {
        pool.give(request.origin(), current);
      } else {
        // An origin that answers before it has the whole request reads no more of it.
        current.close();
      }
    }
    listener.end();
  }

  /** The origin closed the connection, or it broke. */
  void connectionClosed(@Nullable Throwable cause) {
    if (over) {
      return;
    }
    OriginConnection closed = connection;
    connection = null;
    if (closed != null && closed.used() && !answered && repeatable()) {
      cancelTimer();
      connect();
      return;
    }
    fail(EdgeError.ORIGIN_CLOSED, answered ? "closed within a response" : "closed unasked", cause);
  }

  /** RFC 9110, section 9.2.2: doing it twice is the same as doing it once. */
  private boolean repeatable() {
    return !bodySent && IDEMPOTENT.contains(request.method());
  }

  private void fail(EdgeError error, String message, @Nullable Throwable cause) {
    if (over) {
      return;
    }
    stop();
    drop();
    listener.failed(new EdgeException(error, request.origin().authority() + ": " + message, cause));
  }

  private void stop() {
    over = true;
    cancelTimer();
    while (!early.isEmpty()) {
      early.removeFirst().release();
    }
  }

  private void drop() {
    OriginConnection current = connection;
    connection = null;
    if (current != null) {
      current.close();
    }
  }

  private void moved() {
    lastMoveNanos = System.nanoTime();
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  private void scheduleCheck() {
    cancelTimer();
    long left = limitNanos() - (System.nanoTime() - lastMoveNanos);
    timer = loop.schedule(this::check, Math.max(1_000_000, left), TimeUnit.NANOSECONDS);
  }

  private long limitNanos() {
    OriginSettings settings = client.settings();
    if (requestEnded && !answered) {
      return request.firstByteNanos() > 0
          ? request.firstByteNanos()
          : settings.firstByteTimeout().toNanos();
    }
    return settings.idleTimeout().toNanos();
  }

  /** Silence counts against the origin only while it is the origin's turn. */
  private void check() {
    if (over) {
      return;
    }
    boolean viewersTurn = answered ? paused : !requestEnded && writable();
    if (viewersTurn) {
      moved();
      pace.begin(lastMoveNanos);
    } else if (System.nanoTime() - lastMoveNanos >= limitNanos()) {
      fail(EdgeError.ORIGIN_TIMEOUT, answered ? "stopped sending" : "no answer", null);
      return;
    } else if (answered && pace.tooSlow(System.nanoTime())) {
      fail(EdgeError.ORIGIN_TIMEOUT, "sends too slowly", null);
      return;
    }
    scheduleCheck();
  }
}
