package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that may change the protocol and then goes on for hours: it is asked again and again
 * whether whoever was let in still would be, and cut when not.
 */
final class WatchedTunnel extends ForwardingExchange {
  /** Milliseconds between two looks. */
  static final long PERIOD = 1_000;

  private final Consumer<Runnable> look;
  private ViewerListener listener = ViewerListener.NONE;
  private @Nullable ScheduledFuture<?> next;

  /**
   * An exchange.
   *
   * @param look runs what it is given, on the event loop, when nobody would be let in any more
   */
  WatchedTunnel(ViewerExchange original, Consumer<Runnable> look) {
    super(original);
    this.look = look;
  }

  @Override
  public void listen(ViewerListener newListener) {
    listener = newListener;
    original.listen(
        new ViewerListener() {
          @Override
          public void writable() {
            newListener.writable();
          }

          @Override
          public void gone() {
            stop();
            newListener.gone();
          }

          @Override
          public void inputClosed() {
            newListener.inputClosed();
          }
        });
  }

  @Override
  public void upgrade(ResponseHead head, String protocol) {
    original.upgrade(head, protocol);
    next =
        loop()
            .scheduleWithFixedDelay(
                () -> look.accept(this::cut), PERIOD, PERIOD, TimeUnit.MILLISECONDS);
  }

  private void cut() {
    if (next != null) {
      abort();
      listener.gone();
    }
  }

  private void stop() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }

  @Override
  public void end(HeaderFields trailers) {
    stop();
    original.end(trailers);
  }

  @Override
  public void abort() {
    stop();
    original.abort();
  }
}
