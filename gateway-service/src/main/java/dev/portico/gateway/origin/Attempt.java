package dev.portico.gateway.origin;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.wire.BodyFraming;
import dev.portico.gateway.origin.wire.Lease;
import dev.portico.gateway.origin.wire.Wire;
import dev.portico.gateway.origin.wire.WireFailure;
import dev.portico.gateway.origin.wire.WireListener;
import dev.portico.gateway.origin.wire.WirePool;
import dev.portico.gateway.origin.wire.WireRequest;
import dev.portico.gateway.origin.wire.WireStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One try of a request at one address: a connection, the request on it, the limits of time, and in
 * the end what the try tells of the address.
 */
final class Attempt implements WireListener, Lease.Taker {
  /** Learns what becomes of a try; the same as a {@link WireListener}, and when it can be fed. */
  interface Owner extends WireListener {
    /** The head has been sent and the body may follow. */
    void opened();
  }

  private final Target target;
  private final AddressState address;
  private final WireRequest request;
  private final Owner owner;
  private final Patience patience;
  private @Nullable Lease lease;
  private @Nullable WireStream stream;
  private boolean over;
  private boolean answered;
  private boolean tunnel;
  private boolean requestEnded;
  private boolean inputEnded;
  private boolean paused;
  private boolean heldUp;
  private boolean reused;

  Attempt(EventLoop loop, Target target, AddressState address, WireRequest request, Owner owner) {
    this.target = target;
    this.address = address;
    this.request = request;
    this.owner = owner;
    this.requestEnded = request.bodyLength() == 0;
    this.patience = new Patience(loop, target, this::turn, this::tooLong);
    address.inFlight().incrementAndGet();
  }

  /** Starts; the owner may be told before this method returns. */
  void start(WirePool pool, boolean fresh) {
    Lease asked =
        pool.acquire(
            target.peer(),
            address.address(),
            request.upgrade() != null,
            fresh,
            target.origin().connectTimeout(),
            this);
    if (stream == null && !over) {
      lease = asked;
    }
  }

  InetAddress address() {
    return address.address();
  }

  /** Whether it went over a connection that had served before. */
  boolean reused() {
    return reused;
  }

  @Override
  public void ready(Wire wire) {
    lease = null;
    reused = wire.reused();
    WireStream opened = wire.open(request, this);
    if (over) {
      return;
    }
    stream = opened;
    opened.reading(!paused);
    patience.moved();
    patience.watch();
    owner.opened();
  }

  void write(ByteBuf bytes) {
    WireStream open = stream;
    if (over || open == null) {
      bytes.release();
    } else {
      patience.moved();
      open.write(bytes);
    }
  }

  void end(HttpHeaders trailers) {
    WireStream open = stream;
    if (!over && open != null) {
      requestEnded = true;
      patience.moved();
      if (inputEnded) {
        finish(); // Both directions of a tunnel are closed.
      }
      open.end(trailers);
      if (!over) {
        patience.watch(); // The time for the head may be longer, or shorter, than that for a body.
      }
    }
  }

  boolean writable() {
    WireStream open = stream;
    return open != null && open.writable();
  }

  void reading(boolean on) {
    if (paused == !on) {
      return;
    }
    paused = !on;
    if (on) {
      patience.bodyBegins();
    } else {
      heldUp = true;
    }
    if (stream != null) {
      stream.reading(on);
    }
  }

  /** Whether the request is on its way, so that its body can be written. */
  boolean open() {
    return stream != null && !over;
  }

  /**
   * Gives up because it takes too long; the owner hears nothing. Whose viewer did not read for a
   * while says nothing of the address: it may be slow or not.
   */
  void expire() {
    if (!over) {
      if (heldUp) {
        address.breaker().abandoned();
      } else {
        address.breaker().failed(System.nanoTime());
      }
      drop();
    }
  }

  /** Gives up for a reason that is not the address's. */
  void cancel() {
    if (!over) {
      address.breaker().abandoned();
      drop();
    }
  }

  private void drop() {
    finish();
    if (lease != null) {
      lease.cancel();
    }
    if (stream != null) {
      stream.cancel();
    }
  }

  private void finish() {
    if (!over) {
      over = true;
      patience.stop();
      address.inFlight().decrementAndGet();
    }
  }

  private Patience.Turn turn() {
    if (tunnel) {
      return Patience.Turn.TUNNEL;
    }
    if (answered) {
      return paused ? Patience.Turn.VIEWER : Patience.Turn.BODY;
    }
    if (requestEnded) {
      return Patience.Turn.HEAD;
    }
    return writable() ? Patience.Turn.VIEWER : Patience.Turn.BODY;
  }

  private void tooLong(String why) {
    WireStream open = stream;
    if (open != null) {
      open.expire();
    }
    failed(WireFailure.of(WireFailure.Kind.TIMEOUT, why));
  }

  @Override
  public void informational(int status, HeaderFields headers) {
    patience.moved();
    owner.informational(status, headers);
  }

  @Override
  public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
    answered = true;
    address.breaker().answered();
    patience.bodyBegins();
    patience.watch(); // The time for the body is not the one for the head.
    owner.head(status, headers, length, framing);
  }

  @Override
  public void upgraded(HeaderFields headers) {
    answered = true;
    tunnel = true;
    requestEnded = false;
    address.breaker().answered();
    address.breaker().succeeded();
    patience.moved();
    patience.watch();
    owner.upgraded(headers);
  }

  @Override
  public void data(ByteBuf bytes) {
    patience.moved();
    patience.received(bytes.readableBytes());
    owner.data(bytes);
  }

  @Override
  public void end(HeaderFields trailers) {
    if (tunnel && !requestEnded) {
      inputEnded = true;
      owner.end(trailers);
      return;
    }
    address.breaker().succeeded();
    finish();
    owner.end(trailers);
  }

  @Override
  public void failed(WireFailure failure) {
    if (over) {
      return;
    }
    if (blames(failure)) {
      address.breaker().failed(System.nanoTime());
    } else {
      address.breaker().abandoned();
    }
    finish();
    owner.failed(failure);
  }

  /**
   * Whether a failure speaks against the address. Any server closes idle connections, and in the
   * end those on which a request's body does not come.
   */
  private boolean blames(WireFailure failure) {
    return switch (failure.kind()) {
      case BUSY, TOO_LARGE, UNPROCESSED -> false;
      case UNANSWERED -> !reused && requestEnded;
      case CLOSED -> requestEnded || answered;
      case UNREACHABLE, UNTRUSTED, PROTOCOL, TIMEOUT -> true;
    };
  }

  @Override
  public void room() {
    patience.moved();
    owner.room();
  }
}
