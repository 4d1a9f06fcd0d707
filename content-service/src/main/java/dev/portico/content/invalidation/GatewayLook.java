package dev.portico.content.invalidation;

import dev.portico.content.change.GatewayRegistry;
import dev.portico.content.change.GatewayRegistry.Gateway;
import io.micronaut.runtime.graceful.GracefulShutdownCapable;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the gateways for all who wait in this copy, and only while someone does: each look is
 * paid for. Nobody is given what was read before they asked.
 */
@Singleton
final class GatewayLook implements GracefulShutdownCapable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayLook.class);

  /** How long one look is behind the other. */
  private static final Duration PACE = Duration.ofMillis(100);

  private final Supplier<List<Gateway>> gateways;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition looked = lock.newCondition();
  private final Condition stopped = lock.newCondition();
  private List<Gateway> seen = List.of();
  // Numbers of looks.
  private long begun;
  private long done;
  private int waiters;
  private boolean looking;
  private boolean closed;

  @Inject
  GatewayLook(GatewayRegistry gateways) {
    this(gateways::alive);
  }

  /**
   * Looks elsewhere.
   *
   * @param gateways reads those that are alive
   */
  GatewayLook(Supplier<List<Gateway>> gateways) {
    this.gateways = gateways;
  }

  /** The live gateways, read now. */
  List<Gateway> now() {
    return gateways.get();
  }

  /**
   * The live gateways, read together with all others who wait, after this was called.
   *
   * @param longest how long to wait for it, in nanoseconds
   * @return empty when the time is over or the service stops
   */
  Optional<List<Gateway>> next(long longest) {
    long nanos = longest;
    lock.lock();
    try {
      waiters++;
      long wanted = begun + 1;
      startLooking();
      while (done < wanted && nanos > 0 && !closed) {
        nanos = looked.awaitNanos(nanos);
      }
      return done < wanted ? Optional.empty() : Optional.of(seen);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      waiters--;
      lock.unlock();
    }
  }

  private void startLooking() {
    if (!looking && !closed) {
      looking = true;
      Thread.ofVirtual().name("gateway-look").start(this::look);
    }
  }

  private void look() {
    for (long number = begin(); number > 0; number = begin()) {
      try {
        List<Gateway> alive = gateways.get();
        finished(number, alive);
      } catch (RuntimeException | Error e) {
        // Whoever waits would wait in vain if this thread ended by it.
        LOG.warn("the gateways cannot be read, trying again: {}", e.toString());
      }
    }
  }

  /** Waits for its time; the number of the look, or 0 when nobody waits for one. */
  private long begin() {
    lock.lock();
    try {
      long nanos = PACE.toNanos();
      while (nanos > 0 && !closed) {
        nanos = stopped.awaitNanos(nanos);
      }
      looking = waiters > 0 && !closed;
      return looking ? ++begun : 0;
    } catch (InterruptedException e) {
      looking = false;
      Thread.currentThread().interrupt();
      return 0;
    } finally {
      lock.unlock();
    }
  }

  private void finished(long number, List<Gateway> alive) {
    lock.lock();
    try {
      seen = alive;
      done = number;
      looked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets everybody who waits go, so that a stopping service answers them. */
  @Override
  public CompletionStage<?> shutdownGracefully() {
    close();
    return CompletableFuture.completedFuture(null);
  }

  @PreDestroy
  void close() {
    lock.lock();
    try {
      closed = true;
      looked.signalAll();
      stopped.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
