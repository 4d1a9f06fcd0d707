package dev.portico.gateway.cache;

import dev.portico.gateway.error.EdgeException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One who waits for a load only for so long as nothing else that will do is at hand. Whoever comes
 * first, the load or the substitute, is passed on; the other is given back. Lives on one event
 * loop.
 */
final class PatientUser implements BlobUser {
  private final Supplier<@Nullable HeldBlob> substitute;
  private @Nullable BlobUser waiting;
  private @Nullable ScheduledFuture<?> timer;

  /**
   * Stands before a user.
   *
   * @param substitute gives another representation if one is held
   */
  PatientUser(BlobUser user, Supplier<@Nullable HeldBlob> substitute) {
    this.waiting = user;
    this.substitute = substitute;
  }

  /** Begins to wait, at most this long; call on {@code loop}. */
  void waitAtMost(long nanos, EventLoop loop) {
    timer = loop.schedule(this::takeSubstitute, Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  private void takeSubstitute() {
    if (waiting == null) {
      return;
    }
    HeldBlob found = substitute.get();
    if (found != null) { // Otherwise it has been evicted, and there is nothing but the load.
      held(found);
    }
  }

  @Override
  public void held(HeldBlob blob) {
    BlobUser user = done();
    if (user == null) {
      blob.bytes().release();
    } else {
      user.held(blob);
    }
  }

  @Override
  public void failed(EdgeException failure) {
    BlobUser user = done();
    if (user != null) {
      user.failed(failure);
    }
  }

  /** The user if it has not been told, and forgets it: the load may hold this object for long. */
  private @Nullable BlobUser done() {
    BlobUser user = waiting;
    waiting = null;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    return user;
  }
}
