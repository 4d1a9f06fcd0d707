package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.FlightKey;
import dev.portico.gateway.cache.collapse.Flights;
import dev.portico.gateway.cache.collapse.Subscription;
import dev.portico.gateway.cache.invalidation.InvalidationLease;
import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.key.KeyWriter;
import dev.portico.gateway.cache.key.KeyedUri;
import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.cache.semantics.CacheStatus.Forward;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.Invalidation;
import dev.portico.gateway.cache.semantics.RequestCaching;
import dev.portico.gateway.cache.semantics.Reuse;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.cache.store.ResponseStore;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.compression.Compressor;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.OriginRequest;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers for behaviours with an HTTP origin. The cases from top to bottom: the method is not
 * allowed; the protocol is to be changed; the cache is not asked, and the request passed on; what
 * is stored answers; it is stale and answers all the same; it must be validated, or there is
 * nothing: the origin is asked, once for all who wait.
 */
@Singleton
final class EdgeServing {
  /** So often a request looks again before it asks alone. */
  private static final int ROUNDS = 4;

  private static final FastThreadLocal<KeyWriter> KEYS =
      new FastThreadLocal<>() {
        @Override
        protected KeyWriter initialValue() {
          return new KeyWriter();
        }
      };

  private final ResponseStore store;
  private final InvalidationLease lease;
  private final OriginClient origins;
  private final Flights.Asker asker;
  private final Flights flights;
  private final LongSupplier millis;

  @Inject
  EdgeServing(
      MemoryStore store,
      InvalidationLease lease,
      ResponseCacheSettings settings,
      OriginClient origins,
      Compressor compressor) {
    this(store, lease, settings, origins, compressor, System::currentTimeMillis);
  }

  EdgeServing(
      ResponseStore store,
      InvalidationLease lease,
      ResponseCacheSettings settings,
      OriginClient origins,
      Compressor compressor,
      LongSupplier millis) {
    this.store = store;
    this.lease = lease;
    this.origins = origins;
    this.asker = compressor::send;
    this.millis = millis;
    this.flights = new Flights(asker, store, settings.loading(), millis, System::nanoTime);
  }

  /** Answers a request whose path has led to this behaviour. */
  void serve(ViewerExchange exchange, EdgeBehaviour behaviour) {
    ViewerRequest request = exchange.request();
    exchange.timeline().site(behaviour.site());
    if (!behaviour.allows(request.method())) {
      notAllowed(exchange, behaviour);
      return;
    }
    String protocol = request.upgrade();
    if (protocol != null) {
      upgrade(exchange, behaviour, protocol);
      return;
    }
    EdgeBehaviour options = request.method().equals("OPTIONS") ? behaviour.forOptions() : null;
    EdgeBehaviour asked = options == null || isPartial(request) ? behaviour : options;
    RequestCaching caching =
        RequestCaching.of(
            asked == options ? "GET" : request.method(), exchange.hasBody(), behaviour.rules());
    ExplainedEdge.caching(exchange, caching);
    switch (caching) {
      case LOOKUP -> lookUp(exchange, asked, 0, null);
      case METHOD -> pass(exchange, behaviour, Forward.METHOD);
      case REQUEST, DISABLED -> pass(exchange, behaviour, Forward.BYPASS);
    }
  }

  private static void notAllowed(ViewerExchange exchange, EdgeBehaviour behaviour) {
    String[] cache = CacheFields.error(CacheStatus.refused("method-not-allowed"));
    String[] more = {"Allow", behaviour.allow(), cache[0], cache[1], cache[2], cache[3]};
    ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, false, more);
  }

  /**
   * Answers from the cache, or through it.
   *
   * @param round how often this request has looked before
   * @param rule what the origin is known to look at besides the key; null for nothing new
   */
  void lookUp(
      ViewerExchange exchange, EdgeBehaviour behaviour, int round, @Nullable VaryRule rule) {
    ViewerRequest request = exchange.request();
    long now = millis.getAsLong();
    lease.check(now);
    CacheKey key = key(exchange, behaviour);
    StoredEntry entry = store.find(key, request.headers());
    if (entry != null || !load(exchange, behaviour, key, round, rule)) {
      lookedUp(exchange, behaviour, key, entry, now, round, rule);
    }
  }

  /**
   * What is stored for a request goes by the address that its viewer asked for, which is the one
   * that can be invalidated; where a rule leads it is told apart besides.
   */
  private static CacheKey key(ViewerExchange exchange, EdgeBehaviour behaviour) {
    ViewerRequest asked = RewrittenExchange.asked(exchange);
    String scope = behaviour.scope();
    if (exchange instanceof RewrittenExchange) {
      ViewerRequest led = exchange.request();
      boolean sameQuery = Objects.equals(led.query(), asked.query());
      scope += sameQuery ? led.rawPath() : led.rawTarget();
    }
    ExplainedEdge.key(exchange, scope, asked, behaviour.keyRules());
    return KEYS.get().write(scope, asked, behaviour.keyRules());
  }

  /** Waits for what is stored where it takes a while to get; false when there is none. */
  private boolean load(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      CacheKey key,
      int round,
      @Nullable VaryRule rule) {
    StoreWait wait = new StoreWait(exchange);
    boolean loads =
        round < ROUNDS
            && store.load(
                key,
                exchange.request().headers(),
                exchange.loop(),
                entry -> wait.over(() -> loaded(exchange, behaviour, entry, round, rule)));
    if (loads) {
      exchange.listen(wait);
    }
    return loads;
  }

  private void loaded(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      @Nullable StoredEntry entry,
      int round,
      @Nullable VaryRule rule) {
    ViewerRequest request = exchange.request();
    long now = millis.getAsLong();
    lease.check(now);
    CacheKey key = key(exchange, behaviour);
    // It may have come into doubt since, or be invalid. What could not be brought is a miss like
    // any other, for which many ask together.
    boolean usable = entry != null && store.isCurrent(key, entry);
    StoredEntry found = usable ? entry : store.find(key, request.headers());
    lookedUp(exchange, behaviour, key, found, now, round, rule);
  }

  private void lookedUp(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      CacheKey key,
      @Nullable StoredEntry entry,
      long now,
      int round,
      @Nullable VaryRule rule) {
    ViewerRequest request = exchange.request();
    ExplainedEdge.found(exchange, behaviour, entry, now);
    if (entry == null) {
      switch (Reuse.withoutStored(request.headers(), behaviour.rules(), isDown(behaviour))) {
        case Reuse.Refused refused -> refuse(exchange, refused.cause(), Forward.MISS);
        default -> {
          Forward why = store.contains(key) ? Forward.VARY_MISS : Forward.URI_MISS;
          fly(exchange, behaviour, key, null, FieldList.EMPTY, why, round, rule);
        }
      }
      return;
    }
    boolean fresh = entry.response().isFresh(now);
    boolean down = !fresh && isDown(behaviour);
    switch (Reuse.decide(request.headers(), entry.response(), behaviour.rules(), now, down)) {
      case Reuse.Fresh ignored -> fresh(exchange, behaviour, entry, now, round);
      case Reuse.FreshForNow ignored -> {
        refreshUnlessFailing(exchange, behaviour, key, entry, FieldList.EMPTY, rule);
        fresh(exchange, behaviour, entry, now, round);
      }
      case Reuse.StaleAccepted ignored ->
          stale(exchange, behaviour, entry, now, "max-stale", round);
      case Reuse.StaleBecauseOriginDown ignored ->
          stale(exchange, behaviour, entry, now, "origin-down", round);
      case Reuse.ServeStaleAndRevalidate revalidate -> {
        refreshUnlessFailing(exchange, behaviour, key, entry, revalidate.conditions(), rule);
        stale(exchange, behaviour, entry, now, "stale-while-revalidate", round);
      }
      case Reuse.Validate validate -> {
        boolean mayStandIn = !fresh && entry.response().mayReplaceFailure(now);
        if (mayStandIn && isOnTrial(behaviour)) {
          refresh(exchange, behaviour, flightKey(key, request, rule), entry, validate.conditions());
          stale(exchange, behaviour, entry, now, "origin-down", round);
          return;
        }
        Flights.Failing failing =
            mayStandIn ? failing(exchange, behaviour, key) : Flights.Failing.NO;
        if (failing == Flights.Failing.NO) {
          Forward why = fresh ? Forward.REQUEST : Forward.STALE;
          fly(exchange, behaviour, key, entry, validate.conditions(), why, round, rule);
          return;
        }
        if (failing == Flights.Failing.ASK_AGAIN) {
          refresh(exchange, behaviour, flightKey(key, request, rule), entry, validate.conditions());
        }
        stale(exchange, behaviour, entry, now, "stale-if-error", round);
      }
      case Reuse.Miss ignored ->
          fly(exchange, behaviour, key, null, FieldList.EMPTY, Forward.MISS, round, rule);
      case Reuse.Refused refused -> refuse(exchange, refused.cause(), Forward.STALE);
    }
  }

  private void refresh(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      FlightKey key,
      StoredEntry entry,
      FieldList conditions) {
    if (Explained.dry(exchange)) {
      return;
    }
    ViewerRequest request = exchange.request();
    // Others must not get what the origin says to credentials; among themselves they ask once.
    FlightKey own = behaviour.isPersonal(request) ? key.personal() : key;
    flights.refresh(own, behaviour, entry, conditions, request, exchange.loop());
  }

  private void refreshUnlessFailing(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      CacheKey key,
      StoredEntry entry,
      FieldList conditions,
      @Nullable VaryRule rule) {
    if (failing(exchange, behaviour, key) != Flights.Failing.LATELY) {
      FlightKey flightKey = flightKey(key, exchange.request(), rule);
      refresh(exchange, behaviour, flightKey, entry, conditions);
    }
  }

  /** Whose credentials make an answer of their own does not ask for all whether it is over. */
  private Flights.Failing failing(ViewerExchange exchange, EdgeBehaviour behaviour, CacheKey key) {
    boolean asksForAll = !Explained.dry(exchange) && !behaviour.isPersonal(exchange.request());
    return asksForAll ? flights.failing(key) : flights.lately(key);
  }

  /** Whether nobody who could answer would be asked now. */
  private boolean isDown(EdgeBehaviour behaviour) {
    HttpOrigin second = behaviour.second();
    return origins.knownDown(behaviour.origin()) && (second == null || origins.knownDown(second));
  }

  /**
   * Whether the one who would be asked now was down and has not answered since: nobody who can have
   * something else waits for what comes of the trial.
   */
  private boolean isOnTrial(EdgeBehaviour behaviour) {
    HttpOrigin first = behaviour.origin();
    HttpOrigin second = behaviour.second();
    return origins.onTrial(second != null && origins.knownDown(first) ? second : first);
  }

  private FlightKey flightKey(CacheKey key, ViewerRequest request, @Nullable VaryRule rule) {
    String variant =
        rule == null ? store.variant(key, request.headers()) : rule.variant(request.headers());
    return new FlightKey(key.kept(), variant);
  }

  private void fresh(
      ViewerExchange exchange, EdgeBehaviour behaviour, StoredEntry entry, long now, int round) {
    ByteBuf body = entry.borrow();
    if (body == null) {
      lookUp(exchange, behaviour, round, null);
      return;
    }
    exchange.timeline().outcome(Outcome.HIT);
    if (entry.sliceSize() == 0) {
      HeldReplies.fresh(exchange, behaviour, entry, body, now);
    } else {
      CacheStatus status = CacheStatus.hit(entry.response().ttl(now));
      send(exchange, behaviour, entry, body, now, status, CacheResult.HIT);
    }
  }

  /**
   * Answers with what is stored.
   *
   * @param body all of the entry's own; ownership passes
   */
  void send(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      StoredEntry entry,
      ByteBuf body,
      long now,
      CacheStatus status,
      CacheResult result) {
    ViewerRequest request = exchange.request();
    StoredAnswer answer = StoredAnswer.of(request.head(), request.headers(), entry.response());
    boolean some = answer instanceof StoredAnswer.Whole || answer instanceof StoredAnswer.Parts;
    if (entry.sliceSize() == 0 || !some) {
      HeldReplies.send(exchange, behaviour, entry, body, now, status, result);
      return;
    }
    body.release();
    if (Explained.dry(exchange)) {
      HeldReplies.begin(exchange, behaviour, entry, answer, now, status, result);
      return;
    }
    CacheKey key = key(exchange, behaviour).kept();
    new SlicedReply(this, flights, store, exchange, behaviour, key, entry)
        .start(answer, now, status, result);
  }

  private void stale(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      StoredEntry entry,
      long now,
      String why,
      int round) {
    ByteBuf body = entry.borrow();
    if (body == null) {
      lookUp(exchange, behaviour, round, null);
      return;
    }
    exchange.timeline().outcome(Outcome.STALE);
    CacheStatus status = CacheStatus.hit(entry.response().ttl(now)).withDetail(why);
    send(exchange, behaviour, entry, body, now, status, CacheResult.HIT);
  }

  private static void refuse(ViewerExchange exchange, Reuse.Cause cause, Forward why) {
    boolean cachedOnly = cause == Reuse.Cause.ONLY_IF_CACHED;
    // RFC 9111, section 5.2.2.2: 504 where something is held that may not be used.
    boolean held = why == Forward.STALE;
    CacheStatus status =
        cachedOnly
            ? CacheStatus.refused("only-if-cached")
            : CacheStatus.forwarded(why).withDetail("origin-down");
    EdgeError error = cachedOnly || held ? EdgeError.NOT_CACHED : EdgeError.ORIGIN_DOWN;
    ErrorReplies.reply(exchange, error, false, CacheFields.error(status));
  }

  private void fly(
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      CacheKey key,
      @Nullable StoredEntry entry,
      FieldList conditions,
      Forward why,
      int round,
      @Nullable VaryRule rule) {
    ViewerRequest request = exchange.request();
    boolean alone = round >= ROUNDS || behaviour.isPersonal(request) || flights.passes(key);
    if (alone && entry == null && isPartial(request)) {
      passLookedUp(exchange, behaviour, why);
      return;
    }
    if (exchange.explanation() != null
        && ExplainedEdge.asks(exchange, behaviour.question(request, conditions), why)) {
      return;
    }
    FlightKey shared = flightKey(key, request, rule);
    FlightKey flightKey = behaviour.isPersonal(request) ? shared.personal() : shared;
    EdgeReply reply = new EdgeReply(this, exchange, behaviour, why, round, millis);
    exchange.listen(reply);
    exchange.timeline().outcome(Outcome.MISS);
    exchange.timeline().originStarted();
    Subscription subscription =
        alone
            ? flights.solo(flightKey, behaviour, entry, conditions, reply)
            : flights.join(flightKey, behaviour, entry, conditions, reply);
    if (subscription == null) {
      lookUp(exchange, behaviour, round + 1, rule);
    } else {
      reply.subscribed(subscription);
    }
  }

  /**
   * Asks for one request alone, after its answer has turned out not to be shared. What it asks of
   * the whole the origin judges; only the whole can be stored.
   */
  void alone(ViewerExchange exchange, EdgeBehaviour behaviour, Forward why) {
    ViewerRequest request = exchange.request();
    if (isPartial(request)) {
      passLookedUp(exchange, behaviour, why);
      return;
    }
    CacheKey key = key(exchange, behaviour);
    EdgeReply reply = new EdgeReply(this, exchange, behaviour, why, ROUNDS, millis);
    exchange.listen(reply);
    FlightKey flightKey = flightKey(key, request, null);
    reply.subscribed(flights.solo(flightKey, behaviour, null, FieldList.EMPTY, reply));
  }

  /** Whether it may be answered with less than the whole. */
  private static boolean isPartial(ViewerRequest request) {
    HeaderFields fields = request.headers();
    if (request.head()) {
      return true;
    }
    for (String name : RequestCaching.REPLACED_FIELDS) {
      if (fields.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /** Passes a request on to the origin as it is, though it could be answered from the cache. */
  void passLookedUp(ViewerExchange exchange, EdgeBehaviour behaviour, Forward why) {
    pass(exchange, behaviour, why, behaviour.ownQuestion(exchange.request()));
  }

  private void pass(ViewerExchange exchange, EdgeBehaviour behaviour, Forward why) {
    pass(exchange, behaviour, why, behaviour.passed(exchange.request(), exchange.bodyLength()));
  }

  private void pass(
      ViewerExchange exchange, EdgeBehaviour behaviour, Forward why, OriginRequest request) {
    exchange.timeline().outcome(Outcome.PASS);
    if (!ExplainedEdge.asks(exchange, request, why)) {
      OriginPassage passage = new OriginPassage(this, behaviour, why, exchange);
      ServiceProxy.pass(exchange, request, asker, passage);
    }
  }

  /** Asks the origin for another protocol; a body before it would make the bytes ambiguous. */
  private void upgrade(ViewerExchange exchange, EdgeBehaviour behaviour, String protocol) {
    Forward why = Forward.BYPASS;
    if (exchange.hasBody()) {
      String[] more = CacheFields.error(CacheStatus.forwarded(why).withDetail("upgrade-refused"));
      ErrorReplies.reply(exchange, EdgeError.UPGRADE_REFUSED, false, more);
      return;
    }
    pass(exchange, behaviour, why, behaviour.upgraded(exchange.request(), protocol));
  }

  /** Forgets what an answer to an unsafe method makes invalid (RFC 9111, section 4.4). */
  void invalidate(
      ViewerRequest request, EdgeBehaviour behaviour, int status, HeaderFields response) {
    for (String target :
        Invalidation.targets(
            request.method(),
            request.scheme(),
            request.authority(),
            request.rawTarget(),
            status,
            response)) {
      int question = target.indexOf('?');
      String path = question < 0 ? target : target.substring(0, question);
      String query = question < 0 ? null : target.substring(question + 1);
      KeyedUri changed = KeyedUri.of(behaviour.site(), request, path, query);
      store.invalidate(behaviour.site(), new Purge.Uri(changed));
    }
  }

  /** The requests to origins under way that may have more than one viewer. */
  int flights() {
    return flights.running();
  }

  /** The memory of bodies that are not complete yet, in bytes. */
  long loadingBytes() {
    return flights.loadingBytes();
  }
}
