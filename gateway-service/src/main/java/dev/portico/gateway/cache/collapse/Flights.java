package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.store.ResponseStore;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The flights under way, and who may join them. From any thread. */
public final class Flights {
  /** Bodies up to this size are kept whatever else is coming in. */
  private static final int ALWAYS_KEPT = 64 * 1024;

  private final Asker asker;
  private final ResponseStore store;
  private final long loadingLimit;
  private final LongSupplier millis;
  private final PassedKeys passed;
  private final FailingKeys failing;
  private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
  private final AtomicLong loading = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final ConcurrentMap<FlightKey, Flight> flights = new ConcurrentHashMap<>();

  /** How the origin fared when it was last asked for a key. */
  public enum Failing {
    /** It did not fail, as far as is known. */
    NO,
    /** It has just failed: what is stored, if it may stand in, does so at once. */
    LATELY,
    /** As above, and whoever is told this is to ask again. */
    ASK_AGAIN
  }

  /** Asks origins; {@code dev.portico.gateway.origin.OriginClient} does. */
  public interface Asker {
    /** Sends a request; nothing is told to the listener before this method has returned. */
    OriginCall send(OriginRequest request, EventLoop loop, OriginListener listener);
  }

  /**
   * No flights yet.
   *
   * @param loadingLimit bytes of memory that bodies which are not complete may take
   * @param millis the time in milliseconds since the epoch
   * @param nanoTime the time in nanoseconds
   */
  public Flights(
      Asker asker,
      ResponseStore store,
      long loadingLimit,
      LongSupplier millis,
      LongSupplier nanoTime) {
    this.asker = asker;
    this.store = store;
    this.loadingLimit = loadingLimit;
    this.millis = millis;
    this.passed = new PassedKeys(nanoTime);
    this.failing = new FailingKeys(nanoTime);
  }

  /**
   * Whether the origin has failed to answer for a key, so that nobody should wait for it to fail
   * again. At most once in {@link FailingKeys#PAUSE} one is told to ask.
   */
  public Failing failing(CacheKey key) {
    return failing.of(key);
  }

  /** As {@link #failing}, for who will not ask: nobody is told to. */
  public Failing lately(CacheKey key) {
    return failing.has(key) ? Failing.LATELY : Failing.NO;
  }

  /** From now on, for a while, requests with this key do not wait for one another. */
  public void passing(CacheKey key) {
    passed.remember(key);
  }

  /** Whether requests with this key should not wait for one another for now. */
  public boolean passes(CacheKey key) {
    return passed.contains(key);
  }

  /**
   * Waits for the answer to a request together with all others that ask the same now; the first one
   * sends it. Call on the user's event loop.
   *
   * @param found what the cache had, which is to be validated; null for nothing
   * @param conditions what makes the request conditional
   * @return null when the cache has something else by now: look again
   */
  public @Nullable Subscription join(
      FlightKey key,
      FlightPlan plan,
      @Nullable StoredEntry found,
      FieldList conditions,
      FlightUser user) {
    Subscriber subscriber = new Subscriber(user, store.mark());
    while (true) {
      Flight flight = flights.get(key);
      if (flight == null) {
        return lead(key, plan, found, conditions, user.request(), user.loop(), subscriber);
      }
      subscriber.in(flight);
      try {
        flight.run(() -> flight.join(subscriber));
        return subscriber;
      } catch (RejectedExecutionException e) {
        // Its event loop has ended, and nobody is left there to end it.
        flights.remove(key, flight);
      }
    }
  }

  /** Brings a stored response up to date; nobody waits. Does nothing when that is under way. */
  public void refresh(
      FlightKey key,
      FlightPlan plan,
      StoredEntry found,
      FieldList conditions,
      ViewerRequest request,
      EventLoop loop) {
    if (!flights.containsKey(key)) {
      lead(key, plan, found, conditions, request, loop, null);
    }
  }

  /** Asks for one user alone, though the answer may be stored. Call on the user's event loop. */
  public Subscription solo(
      FlightKey key,
      FlightPlan plan,
      @Nullable StoredEntry found,
      FieldList conditions,
      FlightUser user) {
    Subscriber subscriber = new Subscriber(user, store.mark());
    flight(key, plan, found, conditions, user.loop()).alone().start(user.request(), subscriber);
    return subscriber;
  }

  private Flight flight(
      FlightKey key,
      FlightPlan plan,
      @Nullable StoredEntry found,
      FieldList conditions,
      EventLoop loop) {
    boolean held = found != null && found.body().use();
    return new Flight(
        this,
        key,
        plan,
        loop,
        held ? found : null,
        held ? conditions : FieldList.EMPTY,
        store.mark());
  }

  private @Nullable Subscription lead(
      FlightKey key,
      FlightPlan plan,
      @Nullable StoredEntry found,
      FieldList conditions,
      ViewerRequest request,
      EventLoop loop,
      @Nullable Subscriber subscriber) {
    Flight flight = flight(key, plan, found, conditions, loop);
    if (flights.putIfAbsent(key, flight) == null) {
      // Between the look-up and now another flight may have landed.
      if (isStill(found, store.find(key.key(), request.headers()), key)) {
        flight.start(request, subscriber);
        return subscriber;
      }
      flights.remove(key, flight);
    }
    flight.discard();
    return null;
  }

  /** What was found may have left memory meanwhile, or never have found a place there. */
  private boolean isStill(@Nullable StoredEntry found, @Nullable StoredEntry now, FlightKey key) {
    return now == found || (now == null && found != null && store.isCurrent(key.key(), found));
  }

  /** Whether a body may be kept as it comes; what is not known is judged as it grows. */
  boolean keeps(long length) {
    return store.takes(length) && (length <= ALWAYS_KEPT || loading.get() + length <= loadingLimit);
  }

  /** Whether a body of unknown length, the memory of which is counted already, may grow on. */
  boolean keepsMore(FlightBody body) {
    return store.takes(body.end()) && (body.end() <= ALWAYS_KEPT || loading.get() <= loadingLimit);
  }

  void closed(FlightKey key, Flight flight) {
    flights.remove(key, flight);
  }

  void failed(CacheKey key) {
    failing.failed(key);
  }

  void answered(CacheKey key) {
    failing.answered(key);
  }

  void kept(CacheKey key) {
    passed.forget(key);
  }

  void started() {
    running.incrementAndGet();
  }

  void landed() {
    running.decrementAndGet();
  }

  OriginCall send(OriginRequest request, EventLoop loop, OriginListener listener) {
    return asker.send(request, loop, listener);
  }

  ResponseStore store() {
    return store;
  }

  FlightBody body(boolean kept, long length) {
    return new FlightBody(allocator, loading, kept, length);
  }

  long now() {
    return millis.getAsLong();
  }

  /** The flights under way, with those that still deliver. */
  public int running() {
    return running.get();
  }

  /** The memory that bodies take which are not complete, in bytes. */
  public long loadingBytes() {
    return loading.get();
  }
}
