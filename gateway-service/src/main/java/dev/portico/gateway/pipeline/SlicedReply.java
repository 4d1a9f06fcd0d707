package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.Arrival;
import dev.portico.gateway.cache.collapse.FlightKey;
import dev.portico.gateway.cache.collapse.FlightUser;
import dev.portico.gateway.cache.collapse.Flights;
import dev.portico.gateway.cache.collapse.Subscription;
import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.AskedPart;
import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.CacheStatus;
import dev.portico.gateway.cache.semantics.CacheStatus.Forward;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.RequestCaching;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.cache.store.ResponseStore;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.ByteRange;
import dev.portico.gateway.response.FileDecision;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers from a response that is kept in slices: each that the viewer needs is taken from the
 * store, or fetched together with all who need it, one after the other as the viewer takes them. A
 * slice is found and asked for by the entity tag, so that no two versions are ever mixed: when the
 * origin has another one by now, a response that has begun is cut.
 */
final class SlicedReply implements WaitingViewer {
  /** So often a slice is looked for before it is asked for alone. */
  private static final int ROUNDS = 4;

  /** Slices that are looked for before the answer begins, to say in it whether all are held. */
  private static final int MOST_LOOKED_AT = 64;

  private final EdgeServing serving;
  private final Flights flights;
  private final ResponseStore store;
  private final ViewerExchange exchange;
  private final EdgeBehaviour behaviour;
  private final CacheKey key;
  private final StoredEntry entry;
  private final ViewerRequest request;
  private FileDecision.Parts parts;
  private int nextPart;
  private String before = "";
  private long position;
  private long end;
  private @Nullable Fetch fetch;
  private int rounds;
  private boolean loading;
  private boolean over;

  /**
   * An answer that has not started.
   *
   * @param key under which {@code entry} is stored, lasting
   */
  SlicedReply(
      EdgeServing serving,
      Flights flights,
      ResponseStore store,
      ViewerExchange exchange,
      EdgeBehaviour behaviour,
      CacheKey key,
      StoredEntry entry) {
    this.serving = serving;
    this.flights = flights;
    this.store = store;
    this.exchange = exchange;
    this.behaviour = behaviour;
    this.key = key;
    this.entry = entry;
    this.request = wholeOf(exchange.request());
    this.parts = new FileDecision.Parts(entry.head(), 0, List.of(), "");
  }

  /** A slice is a whole of its own: what is asked of the response must not be judged of it. */
  private static ViewerRequest wholeOf(ViewerRequest viewer) {
    return viewer.with(ToldFields.butWithout(viewer.headers(), RequestCaching.REPLACED_FIELDS));
  }

  /**
   * Begins.
   *
   * @param answer the whole, or parts
   * @param status what is said when all the bytes are held
   */
  void start(StoredAnswer answer, long now, CacheStatus status, CacheResult result) {
    StoredResponse response = entry.response();
    boolean ranged = answer instanceof StoredAnswer.Parts;
    List<ByteRange> ranges =
        answer instanceof StoredAnswer.Parts asked
            ? asked.ranges()
            : List.of(new ByteRange(0, response.size() - 1));
    String[] more = fields(ranges, now, status, result);
    ResponseHead whole = HeldReplies.whole(exchange, behaviour, entry);
    if (exchange.request().head()) {
      exchange.begin(whole.with(more), response.size());
      exchange.end();
      return;
    }
    parts =
        ranged
            ? HeldReplies.parts(whole, response, ranges, more)
            : new FileDecision.Parts(
                whole.with(more),
                response.size(),
                List.of(new FileDecision.Part("", ranges.getFirst())),
                "");
    exchange.listen(this);
    step();
  }

  private String[] fields(
      List<ByteRange> ranges, long now, CacheStatus status, CacheResult result) {
    long age = entry.response().age(now);
    if (!status.hit() || exchange.request().head() || isHeld(ranges)) {
      return CacheFields.of(status, result, age);
    }
    exchange.timeline().outcome(Outcome.MISS);
    CacheStatus some = CacheStatus.forwarded(Forward.PARTIAL).freshFor(status.ttl());
    String detail = status.detail();
    return CacheFields.of(detail == null ? some : some.withDetail(detail), CacheResult.MISS, age);
  }

  /** As far as it is looked at: of what comes after that nobody knows if it stays for so long. */
  private boolean isHeld(List<ByteRange> ranges) {
    int looked = 0;
    for (ByteRange range : ranges) {
      for (long at = start(range.first()); at <= range.last(); at += entry.sliceSize()) {
        if (looked++ == MOST_LOOKED_AT) {
          return true;
        }
        if (!store.contains(slice(at))) {
          return false;
        }
      }
    }
    return true;
  }

  private long start(long at) {
    return at - at % entry.sliceSize();
  }

  private CacheKey slice(long start) {
    return key.slice(entry.sliceVersion(), start, entry.sliceSize());
  }

  /** Sends what is held, until a slice must be fetched or the viewer takes no more. */
  private void step() {
    guarded(this::sendHeld);
  }

  /** A bug ends this answer, and nobody waits for more of it. */
  private void guarded(Runnable stage) {
    try {
      stage.run();
    } catch (RuntimeException e) {
      gone();
      ErrorReplies.reply(exchange, e);
    }
  }

  private void sendHeld() {
    while (!over && fetch == null && !loading) {
      if (position >= end && !nextPart()) {
        finish();
      } else if (exchange.begun() && !exchange.writable()) {
        return;
      } else {
        long start = start(position);
        CacheKey slice = slice(start);
        StoredEntry held = store.find(slice, request.headers());
        ByteBuf bytes = held == null ? null : held.borrow();
        if (bytes == null) {
          if (!load(slice, start)) {
            fetch(slice, start);
          }
        } else {
          send(bytes, start);
        }
      }
    }
  }

  private boolean nextPart() {
    if (nextPart == parts.parts().size()) {
      return false;
    }
    FileDecision.Part part = parts.parts().get(nextPart++);
    before = part.before();
    position = part.range().first();
    end = part.range().last() + 1;
    return true;
  }

  private void finish() {
    over = true;
    exchange.write(PartsStream.text(parts.trailer()));
    exchange.end();
  }

  /** Waits for a slice that is stored where it takes a while to get; false when it is not. */
  private boolean load(CacheKey slice, long start) {
    loading =
        rounds < ROUNDS
            && store.load(
                slice,
                request.headers(),
                exchange.loop(),
                entry -> guarded(() -> loaded(entry, start)));
    return loading;
  }

  private void loaded(@Nullable StoredEntry slice, long start) {
    loading = false;
    if (over) {
      return;
    }
    CacheKey sliceKey = slice(start);
    StoredEntry found = slice == null ? store.find(sliceKey, request.headers()) : slice;
    ByteBuf bytes = found == null ? null : found.borrow();
    if (bytes == null) {
      fetch(sliceKey, start);
    } else {
      send(bytes, start);
      rounds = 0;
    }
    step();
  }

  private void fetch(CacheKey slice, long start) {
    long size = entry.response().size();
    long last = Math.min(start + entry.sliceSize(), size) - 1;
    AskedPart part =
        new AskedPart(
            new ByteRange(start, last), size, Objects.requireNonNull(entry.response().etag()));
    SlicePlan plan = new SlicePlan(behaviour, part);
    FlightKey flight = new FlightKey(slice, "");
    Fetch next = new Fetch(part.range());
    fetch = next;
    exchange.timeline().originStarted();
    boolean alone = rounds >= ROUNDS || behaviour.isPersonal(request) || flights.passes(slice);
    Subscription joined =
        alone
            ? flights.solo(flight, plan, null, FieldList.EMPTY, next)
            : flights.join(flight, plan, null, FieldList.EMPTY, next);
    if (joined == null) {
      again();
    } else {
      next.subscribed(joined);
    }
  }

  /** Looks anew, and asks alone when that has not helped. */
  private void again() {
    fetch = null;
    rounds++;
  }

  /** The head goes out as late as there is something to follow it. */
  private void begin() {
    if (!exchange.begun()) {
      exchange.begin(parts.head(), parts.length());
    }
    if (!before.isEmpty()) {
      exchange.write(PartsStream.text(before));
      before = "";
    }
  }

  /**
   * Sends of some bytes what the viewer needs of them.
   *
   * @param bytes ownership passes
   * @param from offset of their first in the whole, not after {@link #position}
   */
  private void send(ByteBuf bytes, long from) {
    begin();
    long until = Math.min(from + bytes.readableBytes(), end);
    if (position >= until) {
      bytes.release();
      return;
    }
    bytes.skipBytes((int) (position - from));
    bytes.writerIndex(bytes.readerIndex() + (int) (until - position));
    position = until;
    exchange.write(bytes);
  }

  /** What has been sent cannot be completed; where nothing has, the origin answers itself. */
  private void fail(EdgeException failure) {
    over = true;
    if (failure.error() == EdgeError.ORIGIN_CHANGED) {
      store.drop(key, entry);
      flights.passing(key);
      if (!exchange.begun()) {
        serving.passLookedUp(exchange, behaviour, Forward.PARTIAL);
        return;
      }
    }
    CacheStatus status =
        CacheStatus.forwarded(Forward.PARTIAL).withDetail(failure.error().category());
    ErrorReplies.reply(exchange, failure, false, CacheFields.error(status));
  }

  @Override
  public void writable() {
    Fetch running = fetch;
    if (running == null) {
      step();
    } else {
      running.taken();
    }
  }

  @Override
  public ViewerExchange exchange() {
    return exchange;
  }

  @Override
  public void gone() {
    over = true;
    Fetch running = fetch;
    if (running != null) {
      running.leave();
    }
  }

  /** One slice on its way; what of it lies before and after the part is not sent. */
  private final class Fetch implements FlightUser {
    private final ByteRange range;
    private final FlightPlace place = new FlightPlace();
    private long at;
    private boolean done;

    Fetch(ByteRange range) {
      this.range = range;
      this.at = range.first();
    }

    /** It is in a flight now, where it may have been told something already. */
    void subscribed(Subscription joined) {
      place.joined(joined);
      if (done && !place.left()) {
        place.leave();
      }
    }

    void taken() {
      place.taken();
    }

    void leave() {
      done = true;
      place.leave();
    }

    private void over() {
      done = true;
      fetch = null;
    }

    @Override
    public ViewerRequest request() {
      return request;
    }

    @Override
    public EventLoop loop() {
      return exchange.loop();
    }

    @Override
    public void begin(Arrival arrival) {
      if (!done) {
        exchange.timeline().originAnswered();
        SlicedReply.this.begin();
      }
    }

    @Override
    public void data(ByteBuf bytes) {
      if (done) {
        bytes.release();
        return;
      }
      int length = bytes.readableBytes();
      place.sent(length);
      long from = at;
      at += length;
      send(bytes, from);
      if (done) {
        return;
      }
      if (position >= end && at <= range.last()) {
        leave();
        next();
      } else if (exchange.writable()) {
        taken();
      }
    }

    private void next() {
      over();
      rounds = 0;
      step();
    }

    @Override
    public void end() {
      if (!done) {
        next();
      }
    }

    @Override
    public void failed(EdgeException failure) {
      if (!done) {
        over();
        fail(failure);
      }
    }

    @Override
    public void held(StoredEntry slice, ByteBuf body, Held how) {
      if (done) {
        body.release();
      } else {
        send(body, range.first());
        next();
      }
    }

    @Override
    public void again(@Nullable VaryRule rule) {
      if (!done) {
        over();
        rounds++;
        step();
      }
    }

    @Override
    public void alone() {
      if (!done) {
        over();
        rounds = ROUNDS;
        step();
      }
    }
  }
}
