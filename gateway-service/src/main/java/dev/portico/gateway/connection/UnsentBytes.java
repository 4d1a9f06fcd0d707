package dev.portico.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** How much is waiting to leave on a connection's socket. */
final class UnsentBytes {
  private UnsentBytes() {}

  /** What the operating system has not taken yet, in bytes, about; to be compared with itself. */
  static long of(Channel connection) {
    ChannelOutboundBuffer buffer = connection.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
  }
}
