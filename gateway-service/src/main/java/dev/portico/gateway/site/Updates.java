package dev.portico.gateway.site;

import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings things up to date when they have changed, each again and again until that succeeds. A
 * thing is worked on by one virtual thread at a time, independently of the others; it ends when
 * there is nothing left to do.
 */
final class Updates {
  private static final Logger LOG = LoggerFactory.getLogger(Updates.class);

  private final Duration longestPause;
  private final Work work;
  private final UnexpectedFailures unexpected;
  // What is completed when a thing changes again after its thread has looked; absent: no thread.
  private final Map<String, CompletableFuture<Boolean>> changed = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /**
   * Begins without anything to do.
   *
   * @param longestPause between two attempts
   * @param work what its threads are called, and its failures are counted as that are no failed I/O
   */
  Updates(Duration longestPause, Work work, UnexpectedFailures unexpected) {
    this.longestPause = longestPause;
    this.work = work;
    this.unexpected = unexpected;
  }

  /** How a thing is brought up to date. */
  interface Update {
    /**
     * Does so once.
     *
     * @param again is completed when the thing changes once more: what takes long may end then,
     *     since it is begun anew
     * @throws IOException when it is to be tried again
     */
    void run(CompletableFuture<?> again) throws IOException;
  }

  /**
   * Brings a thing up to date, soon, for it has changed; returns at once.
   *
   * @param thing what it is called in logs; by this it is known
   * @param update does the same each time that the thing changes
   */
  void changed(String thing, Update update) {
    CompletableFuture<Boolean> again = new CompletableFuture<>();
    CompletableFuture<Boolean> before = changed.put(thing, again);
    if (before == null) {
      Thread.ofVirtual().name(work.tag()).start(() -> bringUpToDate(thing, update, again));
    } else {
      before.complete(true);
    }
  }

  private void bringUpToDate(String thing, Update update, CompletableFuture<Boolean> first) {
    Backoff backoff = new Backoff(longestPause, ThreadLocalRandom.current());
    CompletableFuture<Boolean> again = first;
    while (!stopped) {
      try {
        update.run(again);
        if (changed.remove(thing, again)) {
          return;
        }
        backoff.reset();
      } catch (IOException e) {
        LOG.warn("could not bring {} up to date, trying again: {}", thing, e.toString());
        pause(backoff.next(), again);
      } catch (Throwable e) { // also an Error: without this thread the thing would stay as it is
        LOG.error("could not bring {} up to date, trying again", thing, e);
        unexpected.count(work, e);
        pause(backoff.next(), again);
      }
      again = changed.getOrDefault(thing, again);
    }
  }

  /** Ends early when the thing changes again. */
  private void pause(Duration longest, CompletableFuture<Boolean> again) {
    try {
      if (again.get(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("something has changed before it was up to date");
      }
    } catch (TimeoutException e) {
      LOG.trace("the pause is over");
    } catch (ExecutionException e) {
      throw new IllegalStateException("never completed so", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }

  /** Ends all work; what has been done stays. */
  void stop() {
    stopped = true;
    changed.values().forEach(each -> each.complete(false));
  }
}
