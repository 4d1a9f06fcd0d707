package dev.portico.gateway.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Resolves the names of services by the system's resolver, on threads that may block, and keeps an
 * answer for a few seconds: services behind a name come and go.
 */
final class OriginAddresses {
  private static final Duration KEPT_FOR = Duration.ofSeconds(10);
  private static final int KEPT = 1024;

  private final Cache<String, List<InetAddress>> known =
      Caffeine.newBuilder().maximumSize(KEPT).expireAfterWrite(KEPT_FOR).build();

  /** All addresses of a name, in the resolver's order; the future completes on {@code loop}. */
  Future<List<InetAddress>> resolve(String host, EventLoop loop) {
    List<InetAddress> addresses = known.getIfPresent(host);
    if (addresses != null) {
      return loop.newSucceededFuture(addresses);
    }
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    Promise<List<InetAddress>> promise = loop.newPromise();
    if (literal != null) {
      try {
        return promise.setSuccess(List.of(InetAddress.getByAddress(host, literal)));
      } catch (UnknownHostException e) {
        return promise.setFailure(e);
      }
    }
    Thread.ofVirtual().name("resolve").start(() -> look(host, promise));
    return promise;
  }

  private void look(String host, Promise<List<InetAddress>> promise) {
    try {
      List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
      known.put(host, addresses);
      promise.setSuccess(addresses);
    } catch (UnknownHostException e) {
      promise.setFailure(e);
    }
  }
}
