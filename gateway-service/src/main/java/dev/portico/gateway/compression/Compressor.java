package dev.portico.gateway.compression;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import io.netty.channel.EventLoop;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Asks origins, and compresses what they send plain where the request says so. Bodies that are not
 * small are compressed on threads of its own, each by one thread at a time, no faster than the
 * viewer takes it.
 */
@Singleton
public final class Compressor {
  /**
   * So many bodies are compressed at once, each with some 2 MB of memory; those that come besides
   * are sent as they are.
   */
  static final int MOST_AT_ONCE = 64;

  /**
   * So many pieces may wait for each thread when a body begins that goes there; with more its
   * viewer would be kept waiting, and it is sent as it is.
   */
  static final int MOST_WAITING = 4;

  private static final int IDLE_SECONDS = 60;

  private final OriginClient origins;
  private final ThreadPoolExecutor workers;
  private final AtomicInteger atOnce = new AtomicInteger();

  /** A compressor of what this client is answered; half of the processors may be busy with it. */
  public Compressor(OriginClient origins) {
    this.origins = origins;
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    AtomicInteger number = new AtomicInteger();
    this.workers =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "compression-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
  }

  /**
   * Sends a request. Returns at once; nothing is told to the listener before this method has
   * returned.
   *
   * @param loop the event loop to work on; call from it
   */
  public OriginCall send(OriginRequest request, EventLoop loop, OriginListener listener) {
    ContentCoding coding = request.coding();
    if (coding == null) {
      return origins.send(request, loop, listener);
    }
    CodedAnswer answer = new CodedAnswer(this, request, coding, loop, listener);
    return answer.to(origins.send(request, loop, answer));
  }

  /** Sends a request as it is, in place of one that has been cancelled. */
  OriginCall sendAgain(OriginRequest request, EventLoop loop, OriginListener listener) {
    return origins.send(request, loop, listener);
  }

  /** Whether what is given to the threads now would wait for long. */
  boolean isBusy() {
    return workers.getQueue().size() >= MOST_WAITING * workers.getMaximumPoolSize();
  }

  /** Takes a place for a body to be compressed; false when all are taken. */
  boolean enter() {
    if (atOnce.incrementAndGet() <= MOST_AT_ONCE) {
      return true;
    }
    leave();
    return false;
  }

  /** Gives a place back. */
  void leave() {
    atOnce.decrementAndGet();
  }

  /**
   * Does something on another thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException when the gateway stops
   */
  void execute(Runnable task) {
    workers.execute(task);
  }

  @PreDestroy
  void close() {
    workers.shutdown();
  }
}
