package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ViewerExchange;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What auth-service does for a viewer who waits for it: asked on a thread of its own. */
@Singleton
final class AuthTasks {
  /** How many may be under way at a time; whoever comes beyond that is told to come later. */
  static final int MOST = 256;

  private static final Logger LOG = LoggerFactory.getLogger(AuthTasks.class);

  private final Semaphore places = new Semaphore(MOST);

  /** What is asked; may block. */
  interface Task<T> {
    T ask() throws IOException;
  }

  /**
   * Asks.
   *
   * @param then gets the answer, on the exchange's event loop, unless the viewer has gone
   * @param failed called there instead when there is none
   */
  <T> void run(ViewerExchange exchange, Task<T> task, Consumer<T> then, Runnable failed) {
    if (!places.tryAcquire()) {
      failed.run();
      return;
    }
    exchange.timeline().asks();
    StoreWait wait = new StoreWait(exchange);
    exchange.listen(wait);
    Thread.ofVirtual()
        .name("sign-in")
        .start(
            () -> {
              Runnable next = failed;
              try {
                T answer = task.ask();
                next = () -> then.accept(answer);
              } catch (IOException e) {
                LOG.warn("auth-service was of no help: {}", e.toString());
              } catch (RuntimeException e) {
                LOG.error("auth-service could not be asked", e);
              } finally {
                places.release();
                Runnable last = next;
                exchange.loop().execute(() -> wait.over(last));
              }
            });
  }
}
