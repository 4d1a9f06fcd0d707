package dev.portico.gateway.connection;

import io.netty.channel.ChannelException;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll, mended: a channel that wants no events for a while may want some again.
 *
 * <p>A viewer that has shut down its sending side has nothing to read, and while nothing waits to
 * be written to it either, its channel wants no event at all. Netty 4.2.16 then takes the socket
 * out of epoll and does not note that it has: the next wish fails with ENOENT and closes the
 * channel in the middle of a response. Here such a registration is ended properly and another is
 * made for the next wish. To keep the socket in epoll instead, without events, would make the loop
 * spin when the peer is gone, since epoll always tells that.
 */
final class PausableEpoll implements IoHandler {
  private final IoHandler epoll;

  private PausableEpoll(IoHandler epoll) {
    this.epoll = epoll;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory factory = EpollIoHandler.newFactory();
    return new IoHandlerFactory() {
      @Override
      public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new PausableEpoll(factory.newHandler(executor));
      }

      @Override
      public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
      }
    };
  }

  @Override
  public void initialize() {
    epoll.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return epoll.run(context);
  }

  @Override
  public void prepareToDestroy() {
    epoll.prepareToDestroy();
  }

  @Override
  public void destroy() {
    epoll.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Pausable(handle, epoll.register(handle));
  }

  @Override
  public void wakeup() {
    epoll.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return epoll.isCompatible(type);
  }

  /** Lives on the event loop, like the channel that it is of. */
  private final class Pausable implements IoRegistration {
    private final IoHandle handle;
    private @Nullable IoRegistration current;
    private final Object attachment;
    private boolean wanted;
    private boolean cancelled;

    Pausable(IoHandle handle, IoRegistration current) {
      this.handle = handle;
      this.current = current;
      this.attachment = current.attachment();
    }

    /** The handler's own, the same for all its registrations; asked for while paused too. */
    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Netty's signature.
    public <T> T attachment() {
      return (T) attachment;
    }

    @Override
    public long submit(IoOps ops) {
      if (cancelled) {
        return -1;
      }
      if (EpollIoOps.NONE.equals(ops)) {
        pause();
        return 0;
      }
      wanted = true;
      return resumed().submit(ops);
    }

    private void pause() {
      IoRegistration paused = current;
      if (wanted && paused != null) {
        current = null;
        paused.cancel();
      }
    }

    private IoRegistration resumed() {
      IoRegistration resumed = current;
      if (resumed == null) {
        try {
          resumed = epoll.register(handle);
        } catch (Exception e) {
          throw new ChannelException(e);
        }
        current = resumed;
      }
      return resumed;
    }

    @Override
    public boolean isValid() {
      IoRegistration registration = current;
      return !cancelled && (registration == null || registration.isValid());
    }

    @Override
    public boolean cancel() {
      if (cancelled) {
        return false;
      }
      cancelled = true;
      IoRegistration registration = current;
      return registration == null || registration.cancel();
    }
  }
}
