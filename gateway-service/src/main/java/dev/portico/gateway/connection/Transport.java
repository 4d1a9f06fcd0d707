package dev.portico.gateway.connection;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The means of network I/O, and the channels that go with each. */
enum Transport {
  /** Linux's readiness notification. */
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),
  /** Linux's queues of operations and their results; many containers are not allowed to use it. */
  IO_URING(
      IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDatagramChannel.class),
  /** The JDK's own, on every system. */
  NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

  /** The setting for epoll where there is epoll, else NIO. */
  static final String AUTO = "auto";

  private final Class<? extends ServerSocketChannel> serverChannel;
  private final Class<? extends SocketChannel> clientChannel;
  private final Class<? extends DatagramChannel> datagramChannel;

  Transport(
      Class<? extends ServerSocketChannel> serverChannel,
      Class<? extends SocketChannel> clientChannel,
      Class<? extends DatagramChannel> datagramChannel) {
    this.serverChannel = serverChannel;
    this.clientChannel = clientChannel;
    this.datagramChannel = datagramChannel;
  }

  /** Whether a setting names one, or leaves the choice. */
  static boolean isNamed(String setting) {
    return setting.equals(AUTO)
        || Arrays.stream(values()).anyMatch(each -> each.label().equals(setting));
  }

  /**
   * The one that a setting names. What is asked for is never replaced by another.
   *
   * @param setting such as {@link #isNamed} knows
   * @throws IllegalStateException when this machine does not have it, and why
   */
  static Transport of(String setting) {
    if (setting.equals(AUTO)) {
      return EPOLL.missing() == null ? EPOLL : NIO;
    }
    Transport asked = valueOf(setting.toUpperCase(Locale.ROOT));
    Throwable cause = asked.missing();
    if (cause == null) {
      return asked;
    }
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    throw new IllegalStateException(
        "PORTICO_TRANSPORT asks for " + setting + ", which cannot be used here: " + cause);
  }

  /** Why it cannot be used; null where it can. */
  private @Nullable Throwable missing() {
    return switch (this) {
      case EPOLL -> Epoll.unavailabilityCause();
      case IO_URING -> IoUring.unavailabilityCause();
      case NIO -> null;
    };
  }

  private IoHandlerFactory handlers() {
    return switch (this) {
      case EPOLL -> PausableEpoll.newFactory();
      case IO_URING -> IoUringIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  /** The name in settings and logs. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Event loops; {@code threads} 0 for one per processor. */
  MultiThreadIoEventLoopGroup eventLoops(String name, int threads) {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name), handlers());
  }

  /** The class of listening sockets. */
  Class<? extends ServerSocketChannel> serverChannel() {
    return serverChannel;
  }

  /** The class of outgoing connections. */
  Class<? extends SocketChannel> clientChannel() {
    return clientChannel;
  }

  /** The class of sockets for datagrams. */
  Class<? extends DatagramChannel> datagramChannel() {
    return datagramChannel;
  }
}
