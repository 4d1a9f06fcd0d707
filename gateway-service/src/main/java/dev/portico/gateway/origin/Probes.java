package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.wire.BodyFraming;
import dev.portico.gateway.origin.wire.WireFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.FutureListener;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Checks origins between requests, those whose settings ask for it and only while somebody uses
 * them. A check that goes well closes the breaker of its address at once; one that does not counts
 * as a failed request.
 */
final class Probes {
  private static final int MOST_ORIGINS = 1_000;
  private static final int MOST_ADDRESSES = 16;
  private static final long LEAST_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LEAST_USE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int INTERVALS_OF_USE = 10;

  /** From here on a status is no sign of health. */
  private static final int UNWELL = 400;

  private final OriginClient client;
  private final AtomicInteger origins = new AtomicInteger();

  Probes(OriginClient client) {
    this.client = client;
  }

  /** Starts to check an origin, unless that is done already or not wanted. */
  void watch(OriginState state, EventLoop loop) {
    HttpOrigin.Probe probe = state.target().origin().probe();
    if (probe == null || !state.probed().compareAndSet(false, true)) {
      return;
    }
    if (origins.incrementAndGet() > MOST_ORIGINS) {
      origins.decrementAndGet();
      state.probed().set(false);
    } else {
      schedule(state, probe, loop);
    }
  }

  private void schedule(OriginState state, HttpOrigin.Probe probe, EventLoop loop) {
    loop.schedule(() -> round(state, probe, loop), nanos(probe), TimeUnit.NANOSECONDS);
  }

  private static long nanos(HttpOrigin.Probe probe) {
    return Math.max(LEAST_INTERVAL_NANOS, probe.interval().toNanos());
  }

  private void round(OriginState state, HttpOrigin.Probe probe, EventLoop loop) {
    long unused = System.nanoTime() - state.usedNanos();
    if (unused > Math.max(LEAST_USE_NANOS, INTERVALS_OF_USE * nanos(probe))) {
      origins.decrementAndGet();
      state.probed().set(false);
      return;
    }
    client
        .resolve(state.target(), loop)
        .addListener(
            (FutureListener<List<InetAddress>>)
                resolved -> {
                  check(state, probe, loop, resolved);
                  schedule(state, probe, loop);
                });
  }

  private void check(
      OriginState state,
      HttpOrigin.Probe probe,
      EventLoop loop,
      Future<List<InetAddress>> resolved) {
    if (!resolved.isSuccess()) {
      return; // The name says nothing of the addresses.
    }
    List<InetAddress> allowed = client.allowed(state.target(), resolved.getNow());
    if (!allowed.isEmpty()) {
      state.resolved(allowed);
    }
    state.addresses().stream()
        .limit(MOST_ADDRESSES)
        .forEach(address -> new Check(state.target(), address, loop).start(probe));
  }

  /** One check of one address; it may take as long as the interval. */
  private final class Check implements Attempt.Owner {
    private final Target target;
    private final AddressState address;
    private final EventLoop loop;
    private @Nullable Attempt attempt;
    private boolean over;

    Check(Target target, AddressState address, EventLoop loop) {
      this.target = target;
      this.address = address;
      this.loop = loop;
    }

    void start(HttpOrigin.Probe probe) {
      HttpHeaders headers = new DefaultHttpHeaders().add("user-agent", "portico-probe");
      OriginRequest request = OriginRequest.of(target, "GET", probe.path(), headers, 0);
      // Counted on its own: a check is no request under way, and judges by the status too.
      AddressState own = new AddressState(address.address(), target.origin().breaker());
      Attempt started =
          new Attempt(loop, target, own, OriginFields.wireRequest(request, target, null), this);
      attempt = started;
      started.start(client.pool(loop), true);
      loop.schedule(() -> finish(false), nanos(probe), TimeUnit.NANOSECONDS);
    }

    private void finish(boolean well) {
      if (over) {
        return;
      }
      over = true;
      if (well) {
        address.breaker().revived();
      } else {
        address.breaker().unwell(System.nanoTime());
      }
      if (attempt != null) {
        attempt.cancel();
      }
    }

    @Override
    public void opened() {}

    @Override
    public void informational(int status, HeaderFields headers) {}

    @Override
    public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
      finish(status < UNWELL);
    }

    @Override
    public void upgraded(HeaderFields headers) {}

    @Override
    public void data(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void end(HeaderFields trailers) {}

    @Override
    public void failed(WireFailure failure) {
      finish(false);
    }

    @Override
    public void room() {}
  }
}
