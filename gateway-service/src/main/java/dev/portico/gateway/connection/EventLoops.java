package dev.portico.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/**
 * The threads of the data path: viewers' connections, and on the same loops the connections to
 * origins that serve them, so that bytes never change threads.
 */
@Singleton
public final class EventLoops {
  private final EventLoopGroup group;

  EventLoops(ListenerSettings settings) {
    group = Transport.eventLoops("viewer", settings.eventLoops());
  }

  /** The event loops. */
  public EventLoopGroup group() {
    return group;
  }

  /** The class of outgoing connections that these loops can serve. */
  public Class<? extends Channel> clientChannel() {
    return Transport.clientChannel();
  }

  @PreDestroy
  void stop() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
