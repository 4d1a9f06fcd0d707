package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.ByteRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One user in a flight: where it is in the body and what is on its way to it. Its state belongs to
 * the flight's event loop; the user is told on its own, at once where they are the same.
 */
final class Subscriber implements Subscription {
  /** Bytes on their way to a user that has not said that they are gone. */
  static final int WINDOW = 128 * 1024;

  private static final int SLICE = 64 * 1024;
  private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

  private final FlightUser user;
  private final long mark;
  private @Nullable Flight flight;
  private boolean active = true;
  private boolean begun;
  private boolean feeding;
  private long position;
  private long target = Long.MAX_VALUE;
  private long untaken;

  /**
   * A user that asks.
   *
   * @param mark the number of the latest invalidation before it asked
   */
  Subscriber(FlightUser user, long mark) {
    this.user = user;
    this.mark = mark;
  }

  long mark() {
    return mark;
  }

  /** Says where it flies; before anything is told, on the user's event loop. */
  void in(Flight joined) {
    flight = joined;
  }

  private Flight flight() {
    Flight joined = flight;
    if (joined == null) {
      throw new IllegalStateException("not in a flight");
    }
    return joined;
  }

  // On the user's event loop.

  @Override
  public void taken(int bytes) {
    Flight joined = flight();
    joined.run(() -> taken(joined, bytes));
  }

  @Override
  public void leave() {
    Flight joined = flight();
    joined.run(() -> joined.leave(this));
  }

  // On the flight's event loop.

  private void taken(Flight joined, int bytes) {
    untaken -= bytes;
    if (active && begun && !feeding) {
      joined.feed(this);
    }
  }

  ViewerRequest request() {
    return user.request();
  }

  HeaderFields fields() {
    return user.request().headers();
  }

  boolean active() {
    return active;
  }

  /** Whether it gets of the response what is streaming. */
  boolean begun() {
    return begun;
  }

  /** The first byte that it still needs. */
  long position() {
    return position;
  }

  /** Nothing more is told. */
  void close() {
    active = false;
  }

  void informed(int status, HeaderFields fields) {
    tell(() -> user.informed(status, fields));
  }

  void begin(Arrival arrival) {
    begun = true;
    if (request().head()) {
      target = 0;
    } else if (arrival.answer() instanceof StoredAnswer.Parts parts) {
      ByteRange range = parts.ranges().getFirst();
      position = range.first();
      target = range.last() + 1;
    } else if (!(arrival.answer() instanceof StoredAnswer.Whole)) {
      target = 0;
    }
    tell(() -> user.begin(arrival));
  }

  /**
   * Sends on what there is room for.
   *
   * @return whether the user has got all that it gets
   */
  boolean feed(FlightBody body, boolean complete) {
    if (feeding) {
      return false;
    }
    feeding = true;
    try {
      while (active && untaken < WINDOW && position < Math.min(target, body.end())) {
        long most = Math.min(SLICE, Math.min(target, body.end()) - position);
        ByteBuf bytes = body.read(position, most);
        position += bytes.readableBytes();
        untaken += bytes.readableBytes();
        tell(() -> user.data(bytes), bytes);
      }
    } finally {
      feeding = false;
    }
    return active && (position >= target || (complete && position >= body.end()));
  }

  void end() {
    active = false;
    tell(user::end);
  }

  void failed(EdgeException failure) {
    active = false;
    tell(() -> user.failed(failure));
  }

  void again(@Nullable VaryRule rule) {
    active = false;
    tell(() -> user.again(rule));
  }

  void alone() {
    active = false;
    tell(user::alone);
  }

  /** Hands over a held response; looks again when it was evicted in this moment. */
  void held(StoredEntry entry, FlightUser.Held how) {
    active = false;
    ByteBuf body = entry.borrow();
    if (body == null) {
      again(null);
    } else {
      tell(() -> user.held(entry, body, how), body);
    }
  }

  private void tell(Runnable news) {
    tell(news, Unpooled.EMPTY_BUFFER);
  }

  /** Tells news on the user's event loop; the bytes in them are released when it has ended. */
  private void tell(Runnable news, ByteBuf bytes) {
    if (user.loop().inEventLoop()) {
      guarded(news);
      return;
    }
    try {
      user.loop().execute(() -> guarded(news));
    } catch (RejectedExecutionException e) {
      LOG.debug("a waiting request's event loop has ended, and with it its connection", e);
      bytes.release();
    }
  }

  /** A user's bug must not cost the others their answer. */
  private void guarded(Runnable news) {
    try {
      news.run();
    } catch (RuntimeException e) {
      LOG.error("Request {} failed", request().requestId(), e);
      user.failed(new EdgeException(EdgeError.INTERNAL, "an answer could not be given", e));
      leave();
    }
  }
}
