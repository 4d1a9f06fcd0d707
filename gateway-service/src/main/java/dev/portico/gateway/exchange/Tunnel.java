package dev.portico.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection that has changed its protocol: bytes, each direction with an end of its own. Used on
 * the connection's event loop.
 */
public final class Tunnel {
  /** TLS here has no half of a close; so long the other side has to say its last. */
  private static final long LAST_WORDS_SECONDS = 5;

  private final Channel channel;
  private final boolean encrypted;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean outputClosed;

  /**
   * A connection of which both directions are open.
   *
   * @param encrypted whether TLS is spoken on it
   */
  public Tunnel(Channel channel, boolean encrypted) {
    this.channel = channel;
    this.encrypted = encrypted;
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
  }

  /** Sends bytes, whose ownership passes; not flushed. */
  public void write(ByteBuf bytes) {
    if (outputEnded) {
      bytes.release();
    } else {
      channel.write(bytes);
    }
  }

  /** Nothing more is sent. */
  public void end() {
    if (outputEnded) {
      return;
    }
    outputEnded = true;
    // What was written before must have left.
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> closeOutput());
  }

  private void closeOutput() {
    outputClosed = true;
    if (inputEnded) {
      channel.close();
    } else if (!encrypted && channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    } else {
      channel.eventLoop().schedule(() -> channel.close(), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Nothing more comes. */
  public void inputClosed() {
    inputEnded = true;
    if (outputClosed) {
      channel.close();
    }
  }

  /** Whether nothing more comes. */
  public boolean inputEnded() {
    return inputEnded;
  }
}
