package dev.portico.gateway.connection;

import io.netty.channel.Channel;

/** A viewer's connection as the listeners see it at shutdown. */
interface DrainableConnection {
  /** Lets what is under way finish, then closes. Called on the channel's event loop. */
  void drain();

  /**
   * Says of what has not finished in time that the gateway cut it, which then closes the channel.
   * Called on the channel's event loop.
   */
  default void graceOver() {}

  /** The connection's channel. */
  Channel channel();
}
