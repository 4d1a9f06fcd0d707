package dev.portico.gateway.connection;

import io.netty.channel.ChannelHandlerContext;

/**
 * Flushes what is written at the end of a read, or soon: what comes together goes out together.
 * Lives on the channel's event loop.
 */
final class LateFlush {
  private final ChannelHandlerContext ctx;
  private boolean reading;
  private boolean wanted;
  private boolean scheduled;

  LateFlush(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /** Something is being read, the end of which will be told. */
  void reads() {
    reading = true;
  }

  /** The read has ended. */
  void readEnds() {
    reading = false;
    if (wanted) {
      flush();
    }
  }

  /** Something has been written. */
  void written() {
    if (reading) {
      wanted = true;
    } else if (!scheduled) {
      scheduled = true;
      ctx.channel().eventLoop().execute(this::flushScheduled);
    }
  }

  private void flushScheduled() {
    scheduled = false;
    flush();
  }

  private void flush() {
    wanted = false;
    ctx.flush();
  }
}
