package dev.portico.gateway.origin.address;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds all addresses of a name and keeps them for as long as DNS says (RFC 1035, section 3.2.1).
 * Netty's resolver, since the JDK's does not tell for how long an answer holds. The hosts file
 * comes first; name servers, search domains and {@code ndots} are those of {@code resolv.conf}.
 */
public final class AddressResolver implements AutoCloseable {
  /** Seconds; an answer that may not be kept at all would cost a question per request. */
  private static final int LEAST_TTL = 1;

  /** Seconds. */
  private static final int MOST_TTL = 86_400;

  /** Seconds for which a name that does not exist is not asked for again. */
  private static final int NEGATIVE_TTL = 2;

  private static final int MAX_QUERIES = 16;

  private final List<InetSocketAddress> servers;
  private final Class<? extends DatagramChannel> datagrams;
  private final Class<? extends SocketChannel> streams;
  private final Duration timeout;
  private final DnsCache cache = new DefaultDnsCache(LEAST_TTL, MOST_TTL, NEGATIVE_TTL);
  private final Map<EventLoop, DnsNameResolver> resolvers = new ConcurrentHashMap<>();

  /**
   * Makes a resolver.
   *
   * @param servers the name servers to ask; empty for those of the system
   * @param datagrams what the event loops can serve
   * @param streams what the event loops can serve, for answers too long for a datagram
   * @param timeout for one question to one server
   */
  public AddressResolver(
      List<InetSocketAddress> servers,
      Class<? extends DatagramChannel> datagrams,
      Class<? extends SocketChannel> streams,
      Duration timeout) {
    this.servers = List.copyOf(servers);
    this.datagrams = datagrams;
    this.streams = streams;
    this.timeout = timeout;
  }

  /**
   * All addresses of a name, or the address that {@code host} is.
   *
   * @param loop on which the future completes; call from it
   */
  public Future<List<InetAddress>> resolve(String host, EventLoop loop) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]"); // as in a URL
    InetAddress literal =
        AddressLiteral.read(bracketed ? host.substring(1, host.length() - 1) : host);
    if (literal != null) {
      return loop.newSucceededFuture(List.of(literal));
    }
    return resolvers
        .computeIfAbsent(loop, this::resolver)
        .resolveAll(host.toLowerCase(Locale.ROOT));
  }

  private DnsNameResolver resolver(EventLoop loop) {
    DnsNameResolverBuilder builder =
        new DnsNameResolverBuilder(loop)
            .datagramChannelType(datagrams)
            .socketChannelType(streams, true)
            .resolveCache(cache)
            .queryTimeoutMillis(timeout.toMillis())
            .maxQueriesPerResolve(MAX_QUERIES)
            // Every address counts, not only those of the family that answers first.
            .completeOncePreferredResolved(false);
    if (!servers.isEmpty()) {
      builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
    }
    return builder.build();
  }

  @Override
  public void close() {
    resolvers.values().forEach(DnsNameResolver::close);
    resolvers.clear();
  }
}
