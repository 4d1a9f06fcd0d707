package dev.portico.gateway.connection;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import java.util.concurrent.TimeUnit;

/**
 * Holds up the end of a connection, while the gateway stops, until the viewer's side has taken
 * everything. What the operating system has accepted is sent also after the process is gone, but
 * not after its network is: a container takes that along, and with it up to megabytes of a response
 * whose last byte was written. Without epoll nothing tells, and connections are closed at once.
 *
 * <p>The next to the socket: a close by its own context is one that does not wait.
 */
final class Departure extends ChannelOutboundHandlerAdapter {
  private static final long CHECK_MILLIS = 10;

  /** After so long without a sign of life, a viewer has gone without a word. */
  private static final long SILENCE_MILLIS = 5_000;

  // Of Linux's tcp_states.h: our end is sent and not acknowledged, and so may be what was before.
  private static final int FIN_WAIT1 = 4;
  private static final int LAST_ACK = 9;
  private static final int CLOSING = 11;

  private final Listener listener;
  private boolean departing;

  Departure(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (departing) {
      ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    } else if (listener.draining()
        && ctx.channel() instanceof EpollSocketChannel socket
        && socket.isActive()) {
      departing = true;
      Taken taken = new Taken(socket);
      socket.shutdownOutput().addListener(shut -> closeOnce(taken, ctx, promise));
    } else {
      ctx.close(promise);
    }
  }

  private static void closeOnce(Taken taken, ChannelHandlerContext ctx, ChannelPromise promise) {
    if (taken.isSo()) {
      ctx.close(promise);
    } else {
      ctx.executor()
          .schedule(() -> closeOnce(taken, ctx, promise), CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Whether everything was acknowledged, or will not be. */
  private static final class Taken {
    private final EpollSocketChannel socket;
    private final EpollTcpInfo info = new EpollTcpInfo();
    private final long began = System.nanoTime();

    Taken(EpollSocketChannel socket) {
      this.socket = socket;
    }

    boolean isSo() {
      if (!socket.isOpen()) {
        return true;
      }
      try {
        socket.tcpInfo(info);
      } catch (ChannelException e) {
        // Reset, or gone in this very moment.
        return true;
      }
      int state = info.state();
      boolean sent = state != FIN_WAIT1 && state != LAST_ACK && state != CLOSING;
      return sent || silence() > SILENCE_MILLIS;
    }

    /**
     * Since the last acknowledgement, but an idle viewer's silence before the end does not count.
     */
    private long silence() {
      long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      return Math.min(waited, info.lastAckRecv());
    }
  }
}
