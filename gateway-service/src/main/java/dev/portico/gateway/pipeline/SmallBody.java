package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.RequestBody;
import dev.portico.gateway.exchange.ViewerExchange;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** A request's body that the gateway reads itself, up to {@link #MOST} bytes of it. */
final class SmallBody implements RequestBody {
  /** So many bytes are read; a longer body is refused (413). */
  static final int MOST = 262_144;

  private final ViewerExchange exchange;
  private final Consumer<byte[]> then;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean over;

  private SmallBody(ViewerExchange exchange, Consumer<byte[]> then) {
    this.exchange = exchange;
    this.then = then;
  }

  /**
   * Reads the body of a request.
   *
   * @param then gets all of it, on the exchange's event loop; not when there is no whole one, which
   *     the viewer is told
   */
  static void read(ViewerExchange exchange, Consumer<byte[]> then) {
    if (exchange.bodyLength() > MOST) {
      ErrorReplies.reply(exchange, EdgeError.CONTENT_TOO_LARGE, true);
    } else if (exchange.hasBody()) {
      exchange.sendContinue();
      exchange.receiveBody(new SmallBody(exchange, then));
    } else {
      then.accept(new byte[0]);
    }
  }

  @Override
  public void data(ByteBuf some) {
    int length = some.readableBytes();
    boolean fits = !over && bytes.size() + length <= MOST;
    try {
      if (fits) {
        some.readBytes(bytes, length);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    } finally {
      some.release();
    }
    if (!fits && !over) {
      over = true;
      ErrorReplies.reply(exchange, EdgeError.CONTENT_TOO_LARGE, true);
    }
  }

  @Override
  public void end(HeaderFields trailers) {
    if (!over) {
      over = true;
      ErrorReplies.guarded(exchange, () -> then.accept(bytes.toByteArray()));
    }
  }

  @Override
  public void broken(boolean tooSlow) {
    if (!over) {
      over = true;
      EdgeError error = tooSlow ? EdgeError.REQUEST_TIMEOUT : EdgeError.MALFORMED_REQUEST;
      ErrorReplies.reply(exchange, error, true);
    }
  }
}
