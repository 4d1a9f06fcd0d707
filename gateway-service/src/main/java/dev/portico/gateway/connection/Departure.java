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

  // Of Linux's tcp_states.h: our end is sent and not acknowledged, and so may be what was before.
  private static final int FIN_WAIT1 = 4;
  private static final int LAST_ACK = 9;
  private static final int CLOSING = 11;

  private final Listener listener;
  private final EpollTcpInfo info = new EpollTcpInfo();
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
      socket.shutdownOutput().addListener(shut -> closeOnceTaken(ctx, socket, promise));
    } else {
      ctx.close(promise);
    }
  }

  private void closeOnceTaken(
      ChannelHandlerContext ctx, EpollSocketChannel socket, ChannelPromise promise) {
    if (taken(socket)) {
      ctx.close(promise);
    } else {
      ctx.executor()
          .schedule(
              () -> closeOnceTaken(ctx, socket, promise), CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean taken(EpollSocketChannel socket) {
    if (!socket.isOpen()) {
      return true;
    }
    try {
      int state = socket.tcpInfo(info).state();
      return state != FIN_WAIT1 && state != LAST_ACK && state != CLOSING;
    } catch (ChannelException e) {
      // Reset, or gone in this very moment.
      return true;
    }
  }
}
