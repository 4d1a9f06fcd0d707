package dev.portico.gateway.connection;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the data path: viewers' connections, and on the same loops the connections to
 * origins that serve them, so that bytes never change threads.
 */
@Singleton
public final class EventLoops {
  private final Transport transport;
  private final EventLoopGroup group;

  EventLoops(ListenerSettings settings) {
    transport = Transport.of(settings.transport());
    group = transport.eventLoops("viewer", settings.eventLoops());
  }

  /** What these loops work with. */
  Transport transport() {
    return transport;
  }

  /** The event loops. */
  public EventLoopGroup group() {
    return group;
  }

  /** The class of outgoing connections that these loops can serve. */
  public Class<? extends SocketChannel> clientChannel() {
    return transport.clientChannel();
  }

  /** The class of sockets for datagrams that these loops can serve. */
  public Class<? extends DatagramChannel> datagramChannel() {
    return transport.datagramChannel();
  }

  @PreDestroy
  void stop() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
