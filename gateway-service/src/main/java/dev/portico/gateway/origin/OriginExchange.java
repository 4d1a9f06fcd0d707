package dev.portico.gateway.origin;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.origin.wire.BodyFraming;
import dev.portico.gateway.origin.wire.WireFailure;
import dev.portico.gateway.origin.wire.WireRequest;
import dev.portico.gateway.trace.TracedCall;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request to an origin, as many tries as it takes, and the one response that is passed on. The
 * cases in order: find the addresses, choose one, try; after a failure try again, or ask the second
 * origin, or tell the listener.
 */
final class OriginExchange implements OriginCall, Attempt.Owner {
  private final OriginClient client;
  private final OriginRequest request;
  private final EventLoop loop;
  private final OriginListener listener;
  private final Deque<ByteBuf> early = new ArrayDeque<>(0);
  private final Set<InetAddress> tried = new HashSet<>(2);
  private OriginState state;
  private Retries retries;
  private @Nullable Attempt attempt;
  private TracedCall traced = TracedCall.NONE;
  private @Nullable HttpHeaders requestTrailers;
  private @Nullable ScheduledFuture<?> deadline;
  private int attempts;
  private int resolutions;
  private boolean over;
  private boolean committed;
  private boolean requestEnded;
  private boolean paused;
  private boolean secondAsked;
  private boolean tunnel;
  private boolean inputEnded;

  OriginExchange(
      OriginClient client, OriginRequest request, EventLoop loop, OriginListener listener) {
    this.client = client;
    this.request = request;
    this.loop = loop;
    this.listener = listener;
    this.requestEnded = !request.hasBody();
    this.state = client.state(request.target());
    this.retries = retries(request.target());
  }

  private Retries retries(Target target) {
    return new Retries(target.origin().attempts(), request.idempotent());
  }

  void start() {
    if (over) {
      return;
    }
    if (requestEnded) {
      limitTheWhole();
    }
    resolve();
  }

  /** From the end of the request on: until then it is the viewer who takes the time. */
  private void limitTheWhole() {
    long whole = request.target().origin().requestTimeout().toNanos();
    if (whole > 0) {
      deadline = loop.schedule(this::tooLong, whole, TimeUnit.NANOSECONDS);
    }
  }

  private void tooLong() {
    Attempt current = attempt;
    deadline = null;
    if (current != null) {
      current.expire();
    }
    traceEnds(EdgeError.ORIGIN_TIMEOUT.category());
    fail(EdgeError.ORIGIN_TIMEOUT, "the whole took too long", null);
  }

  private void resolve() {
    Target target = state.target();
    client.used(state, loop);
    Future<List<InetAddress>> resolving = client.resolve(target, loop);
    int number = ++resolutions;
    if (resolving.isDone()) {
      resolved(number, resolving);
    } else {
      resolving.addListener(
          (FutureListener<List<InetAddress>>) resolved -> resolved(number, resolved));
      long patience = target.origin().connectTimeout().toNanos();
      loop.schedule(() -> unresolved(number), patience, TimeUnit.NANOSECONDS);
    }
  }

  private void unresolved(int number) {
    if (!over && number == resolutions) {
      resolutions++;
      unavailable(EdgeError.ORIGIN_UNREACHABLE, "no address in time", null);
    }
  }

  private void resolved(int number, Future<List<InetAddress>> resolving) {
    if (over || number != resolutions) {
      return;
    }
    resolutions++;
    if (!resolving.isSuccess()) {
      unavailable(EdgeError.ORIGIN_UNREACHABLE, "no address", resolving.cause());
      return;
    }
    List<InetAddress> allowed = client.allowed(state.target(), resolving.getNow());
    if (allowed.isEmpty()) {
      String detail = "all addresses refused: " + resolving.getNow();
      unavailable(EdgeError.ORIGIN_REFUSED, detail, null);
      return;
    }
    state.resolved(allowed);
    attempt(false);
  }

  private void attempt(boolean fresh) {
    AddressState address = state.choose(tried, System.nanoTime());
    if (address == null) {
      unavailable(EdgeError.ORIGIN_DOWN, "every address has failed too often", null);
      return;
    }
    tried.add(address.address());
    traced = trace();
    WireRequest sent = OriginFields.wireRequest(request, state.target(), traced.traceparent());
    Attempt next = new Attempt(loop, state.target(), address, sent, this);
    attempt = next;
    next.reading(!paused);
    next.start(client.pool(loop), fresh);
  }

  private TracedCall trace() {
    RequestIds ids = request.ids();
    if (ids == null) {
      return TracedCall.NONE;
    }
    HttpOrigin origin = state.target().origin();
    return client
        .traces()
        .call(ids, request.method(), request.path(), origin.host(), origin.port(), attempts++);
  }

  private void traceEnds(@Nullable String failure) {
    TracedCall ended = traced;
    traced = TracedCall.NONE;
    ended.ended(failure);
  }

  @Override
  public void opened() {
    Attempt current = attempt;
    if (current == null) {
      return;
    }
    while (!early.isEmpty()) {
      committed = true;
      current.write(early.removeFirst());
    }
    if (requestEnded && request.hasBody()) {
      current.end(trailers());
    } else if (request.hasBody() && current.writable()) {
      listener.writable();
    }
  }

  private HttpHeaders trailers() {
    HttpHeaders kept = requestTrailers;
    return kept == null ? EmptyHttpHeaders.INSTANCE : kept;
  }

  @Override
  public void write(ByteBuf bytes) {
    Attempt current = attempt;
    if (over || (requestEnded && !tunnel)) {
      bytes.release();
    } else if (current == null || !current.open()) {
      early.addLast(bytes);
    } else {
      committed = true;
      current.write(bytes);
    }
  }

  @Override
  public void end(HttpHeaders trailers) {
    if (over || (requestEnded && !tunnel)) {
      return;
    }
    requestEnded = true;
    if (!tunnel) {
      limitTheWhole();
    }
    requestTrailers = ForwardedRequest.trailers(new NettyHeaderFields(trailers));
    Attempt current = attempt;
    if (current != null && current.open()) {
      current.end(trailers());
    }
    if (tunnel && inputEnded) {
      stop();
    }
  }

  @Override
  public boolean writable() {
    Attempt current = attempt;
    if (over) {
      return false;
    }
    return (current != null && current.open()) ? current.writable() : early.isEmpty();
  }

  @Override
  public void pause() {
    paused = true;
    reading(false);
  }

  @Override
  public void resume() {
    if (paused) {
      paused = false;
      reading(true);
    }
  }

  private void reading(boolean on) {
    Attempt current = attempt;
    if (current != null && !over) {
      current.reading(on);
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      Attempt current = attempt;
      stop();
      if (current != null) {
        current.cancel();
      }
    }
  }

  @Override
  public void failed(WireFailure failure) {
    Attempt failed = attempt;
    attempt = null;
    traceEnds(error(failure).category());
    if (over || failed == null) {
      return;
    }
    boolean another = state.hasOther(tried, System.nanoTime());
    switch (retries.after(failure, failed.reused(), committed, another)) {
      case FRESH -> {
        tried.remove(failed.address());
        attempt(true);
      }
      case AGAIN -> {
        if (state.knownDown(System.nanoTime())) {
          unavailable(failure);
        } else {
          attempt(true);
        }
      }
      case GIVE_UP -> unavailable(failure);
    }
  }

  private void unavailable(WireFailure failure) {
    unavailable(error(failure), failure.detail(), failure.cause());
  }

  private static EdgeError error(WireFailure failure) {
    return switch (failure.kind()) {
      case UNREACHABLE -> EdgeError.ORIGIN_UNREACHABLE;
      case UNTRUSTED -> EdgeError.ORIGIN_UNTRUSTED;
      case BUSY -> EdgeError.ORIGIN_BUSY;
      case TOO_LARGE -> EdgeError.HEADERS_TOO_LARGE;
      case UNPROCESSED, UNANSWERED, CLOSED -> EdgeError.ORIGIN_CLOSED;
      case PROTOCOL -> EdgeError.ORIGIN_PROTOCOL;
      case TIMEOUT -> EdgeError.ORIGIN_TIMEOUT;
    };
  }

  /** The origin has no answer; another may have. */
  private void unavailable(EdgeError error, String detail, @Nullable Throwable cause) {
    if (mayAskSecond()) {
      askSecond();
    } else {
      fail(error, detail, cause);
    }
  }

  private boolean mayAskSecond() {
    return !secondAsked && !committed && request.transferable();
  }

  private void askSecond() {
    HttpOrigin other = request.second();
    if (other == null) {
      throw new IllegalStateException("no second origin");
    }
    secondAsked = true;
    Target target = Target.of(other);
    state = client.state(target);
    retries = retries(target);
    tried.clear();
    attempt = null;
    traceEnds(null);
    resolve();
  }

  @Override
  public void informational(int status, HeaderFields headers) {
    committed = true;
    if (status == 100) {
      listener.continues();
    } else {
      listener.informational(status, headers);
    }
  }

  @Override
  public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
    traced.answered(status);
    HttpOrigin.Failover failover = request.target().origin().failover();
    if (failover != null && failover.statuses().contains(status) && mayAskSecond()) {
      Attempt refused = attempt;
      if (refused != null) {
        refused.cancel();
      }
      askSecond();
      return;
    }
    committed = true;
    listener.head(status, headers, length, framing);
  }

  @Override
  public void upgraded(HeaderFields headers) {
    committed = true;
    tunnel = true;
    requestEnded = false;
    traced.answered(101);
    traceEnds(null); // What follows is no request any more, and may take days.
    cancelDeadline(); // A tunnel is no request any more.
    listener.upgraded(headers);
  }

  @Override
  public void data(ByteBuf bytes) {
    listener.data(bytes);
  }

  @Override
  public void end(HeaderFields trailers) {
    HeaderFields passed;
    try {
      passed = new NettyHeaderFields(ForwardedRequest.trailers(trailers));
    } catch (IllegalArgumentException e) {
      traceEnds(EdgeError.ORIGIN_PROTOCOL.category());
      fail(EdgeError.ORIGIN_PROTOCOL, "invalid trailers", e);
      return;
    }
    if (tunnel && !requestEnded) {
      inputEnded = true;
    } else {
      stop();
    }
    listener.end(passed);
  }

  @Override
  public void room() {
    listener.writable();
  }

  private void fail(EdgeError error, String detail, @Nullable Throwable cause) {
    if (!over) {
      stop();
      listener.failed(new EdgeException(error, state.target().name() + ": " + detail, cause));
    }
  }

  private void stop() {
    over = true;
    attempt = null;
    traceEnds(null);
    cancelDeadline();
    while (!early.isEmpty()) {
      early.removeFirst().release();
    }
  }

  private void cancelDeadline() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
