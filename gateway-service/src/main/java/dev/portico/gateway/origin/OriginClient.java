package dev.portico.gateway.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.connection.EventLoops;
import dev.portico.gateway.origin.address.AddressResolver;
import dev.portico.gateway.origin.address.InnerAddresses;
import dev.portico.gateway.origin.wire.WireConnector;
import dev.portico.gateway.origin.wire.WireCounts;
import dev.portico.gateway.origin.wire.WirePool;
import dev.portico.gateway.origin.wire.WireSettings;
import dev.portico.gateway.trace.Traces;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A streaming client of HTTP/1.1 and HTTP/2 whose connections live on the event loop of the viewer
 * they serve: a byte never changes threads on its way, and back-pressure is a matter of one thread.
 * It asks Portico's own services and the origins of teams alike (docs/origins.md).
 */
@Singleton
public final class OriginClient {
  private static final int KEPT_STATES = 10_000;
  private static final Duration KEPT_FOR = Duration.ofHours(1);
  private static final Duration NAME_TIMEOUT = Duration.ofSeconds(3);

  private final OriginSettings settings;
  private final Traces traces;
  private final InnerAddresses inner;
  private final AddressResolver resolver;
  private final WireConnector connector;
  private final WireSettings wires;
  private final WireCounts counts = new WireCounts();
  private final Probes probes = new Probes(this);
  private final Map<EventLoop, WirePool> pools = new ConcurrentHashMap<>();
  private final Cache<Target, OriginState> states =
      Caffeine.newBuilder().maximumSize(KEPT_STATES).expireAfterAccess(KEPT_FOR).build();

  OriginClient(OriginSettings settings, ReachSettings reach, EventLoops loops, Traces traces) {
    this.settings = settings;
    this.traces = traces;
    this.inner = new InnerAddresses(reach.allowedRanges());
    this.resolver =
        new AddressResolver(
            reach.nameServerAddresses(),
            loops.datagramChannel(),
            loops.clientChannel(),
            NAME_TIMEOUT);
    this.connector = new WireConnector(loops.clientChannel(), reach.authorities());
    this.wires =
        new WireSettings(
            settings.pooledConnections(),
            settings.pooledFor(),
            reach.maxConnections(),
            reach.maxWaiting());
  }

  /** One of Portico's own services, for {@link OriginRequest}. */
  public Target inner(Origin service) {
    return Target.inner(service, settings, 0);
  }

  /**
   * Sends a request. Returns at once; nothing is told to the listener before this method has
   * returned.
   *
   * @param loop the event loop to work on; call from it
   */
  public OriginCall send(OriginRequest request, EventLoop loop, OriginListener listener) {
    OriginExchange exchange = new OriginExchange(this, request, loop, listener);
    loop.execute(exchange::start);
    return exchange;
  }

  /**
   * Whether an origin would not be asked now, because each of its addresses has failed too often
   * just before: a cache serves what it has, however stale, without waiting. From any thread.
   */
  public boolean knownDown(HttpOrigin origin) {
    OriginState state = states.getIfPresent(Target.of(origin));
    return state != null && state.knownDown(System.nanoTime());
  }

  /**
   * Whether none of an origin's addresses has answered since each of them failed too often, be it
   * asked again by now or not: whoever asks it may have to wait until it has failed once more. From
   * any thread.
   */
  public boolean onTrial(HttpOrigin origin) {
    OriginState state = states.getIfPresent(Target.of(origin));
    return state != null && state.onTrial();
  }

  /** The connections to origins and services, of all event loops. From any thread. */
  public WireCounts connections() {
    return counts;
  }

  /**
   * Addresses of origins that are not asked now, because they have failed too often. From any
   * thread.
   */
  public int openBreakers() {
    long now = System.nanoTime();
    int open = 0;
    for (OriginState state : states.asMap().values()) {
      for (AddressState address : state.addresses()) {
        if (!address.breaker().allows(now)) {
          open++;
        }
      }
    }
    return open;
  }

  Traces traces() {
    return traces;
  }

  OriginState state(Target target) {
    return states.get(target, OriginState::new);
  }

  WirePool pool(EventLoop loop) {
    return pools.computeIfAbsent(loop, key -> new WirePool(key, connector, wires, counts));
  }

  /** All addresses of a target; the future completes on {@code loop}. */
  Future<List<InetAddress>> resolve(Target target, EventLoop loop) {
    return resolver.resolve(target.origin().host(), loop);
  }

  /** Those of its addresses that may be connected to. */
  List<InetAddress> allowed(Target target, List<InetAddress> addresses) {
    if (target.trusted()) {
      return addresses;
    }
    return addresses.stream().filter(address -> !inner.refuses(address)).toList();
  }

  /** Notes that a viewer asks for something of it. */
  void used(OriginState state, EventLoop loop) {
    state.used(System.nanoTime());
    probes.watch(state, loop);
  }

  @PreDestroy
  void close() {
    resolver.close();
  }
}
