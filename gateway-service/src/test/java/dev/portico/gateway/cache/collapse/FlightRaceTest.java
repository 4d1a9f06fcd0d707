package dev.portico.gateway.cache.collapse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.key.KeyWriter;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.Reuse;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.cache.store.MemoryStore;
import dev.portico.gateway.cache.store.Purge;
import dev.portico.gateway.cache.store.ResponseCacheSettings;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.Target;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Fills, hits, validations, failures, evictions and removals on several event loops at random: all
 * who are there get one answer, all of it and no other's, and all memory comes back.
 */
class FlightRaceTest {
  private static final int REQUESTS = 2_000;
  private static final int PATHS = 40;
  private static final int LOOPS = 4;
  private static final Map<String, byte[]> CONTENTS = new ConcurrentHashMap<>();

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
  private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
  private final MemoryStore store = new MemoryStore(new ResponseCacheSettings(2 << 20, 1 << 20, 0));
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger over = new AtomicInteger();
  private final AtomicInteger whole = new AtomicInteger();
  private final AtomicInteger hits = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private final Random seeds = new Random();
  private final Flights flights =
      new Flights(this::ask, store, 512 << 10, millis::get, System::nanoTime);
  private final Plan plan = new Plan();

  private static int length(String path) {
    int number = Integer.parseInt(path.substring(1));
    return number % 7 == 0 ? 200_000 + number : number * 997;
  }

  /** The body of a path. */
  private static byte[] content(String path) {
    return CONTENTS.computeIfAbsent(
        path,
        missing -> {
          byte[] bytes = new byte[length(path)];
          new Random(path.hashCode()).nextBytes(bytes);
          return bytes;
        });
  }

  private static final class Plan implements FlightPlan {
    private final Target target =
        Target.of(
            new HttpOrigin(
                "app",
                false,
                "127.0.0.1",
                1,
                "",
                false,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                1,
                List.of(),
                true,
                new HttpOrigin.Breaker(1, Duration.ZERO),
                null,
                null));

    @Override
    public CachingRules rules() {
      return CachingRules.RFC_9111;
    }

    @Override
    public OriginRequest question(ViewerRequest viewer, FieldList conditions) {
      HttpHeaders headers = new DefaultHttpHeaders();
      conditions.forEach(headers::set);
      return OriginRequest.of(target, "GET", viewer.rawPath(), headers, 0);
    }

    @Override
    public ResponseHead head(int status, HeaderFields fields, ViewerRequest viewer) {
      return ResponseHead.of(status).add("X-Path", viewer.rawPath()).build();
    }

    @Override
    public int promotions() {
      return 1;
    }
  }

  private OriginCall ask(OriginRequest request, EventLoop loop, OriginListener listener) {
    asked.incrementAndGet();
    Call call = new Call(request, loop, listener, new Random(nextSeed()));
    loop.execute(call::head);
    return call;
  }

  private long nextSeed() {
    synchronized (seeds) {
      return seeds.nextLong();
    }
  }

  /** An origin that answers by chunks, and fails now and then. */
  private static final class Call implements OriginCall {
    private final OriginRequest request;
    private final EventLoop loop;
    private final OriginListener listener;
    private final Random random;
    private final int length;
    private int sent;
    private boolean paused;
    private boolean waiting;
    private boolean cancelled;

    Call(OriginRequest request, EventLoop loop, OriginListener listener, Random random) {
      this.request = request;
      this.loop = loop;
      this.listener = listener;
      this.random = random;
      this.length = length(request.path());
    }

    void head() {
      if (cancelled) {
        return;
      }
      int chance = random.nextInt(20);
      if (chance == 0) {
        fail();
        return;
      }
      if (request.headers().contains("if-none-match") && chance < 10) {
        FieldList fields = FieldList.of("ETag", "\"1\"", "Cache-Control", "max-age=10");
        listener.head(304, fields, 0, BodyFraming.NONE);
        if (!cancelled) {
          listener.end(HeaderFields.NONE);
        }
        return;
      }
      String caching = chance == 1 ? "private" : "max-age=10, stale-if-error=10";
      boolean known = random.nextBoolean();
      String size = Integer.toString(length);
      FieldList fields =
          known
              ? FieldList.of("Cache-Control", caching, "ETag", "\"1\"", "Content-Length", size)
              : FieldList.of("Cache-Control", caching, "ETag", "\"1\"");
      listener.head(
          200, fields, known ? length : -1, known ? BodyFraming.LENGTH : BodyFraming.CHUNKED);
      loop.execute(this::more);
    }

    private void fail() {
      listener.failed(new EdgeException(EdgeError.ORIGIN_CLOSED, "by chance"));
    }

    private void more() {
      if (cancelled) {
        return;
      }
      if (paused) {
        waiting = true;
        return;
      }
      if (sent == length) {
        listener.end(HeaderFields.NONE);
        return;
      }
      if (random.nextInt(200) == 0) {
        fail();
        return;
      }
      int size = Math.min(length - sent, 1 + random.nextInt(40_000));
      ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(size);
      bytes.writeBytes(content(request.path()), sent, size);
      sent += size;
      listener.data(bytes);
      loop.execute(this::more);
    }

    @Override
    public void write(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void end(HttpHeaders trailers) {}

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
      if (waiting) {
        waiting = false;
        loop.execute(this::more);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  /** A viewer that reads at its own pace, checks each byte, and may leave. */
  private final class Viewer implements FlightUser {
    private final String path;
    private final EventLoop loop;
    private final Random random;
    private final int patience;
    private final ViewerRequest request;
    private @Nullable Subscription subscription;
    private int position;
    private int untaken;
    private int rounds;
    private int looked;
    private boolean done;

    Viewer(String path, EventLoop loop, Random random) {
      this.path = path;
      this.loop = loop;
      this.random = random;
      this.patience = random.nextInt(6) == 0 ? random.nextInt(4) : Integer.MAX_VALUE;
      this.request =
          new ViewerRequest(
              RequestIds.of(0, null),
              "GET",
              "http",
              "demo.localhost",
              80,
              path,
              path,
              false,
              null,
              HeaderFields.NONE,
              "192.0.2.1",
              HttpProtocol.HTTP_1_1,
              0,
              new ConnectionMemory());
    }

    /** As the pipeline does it. */
    void look(boolean alone) {
      if (done) {
        return;
      }
      CacheKey key = new KeyWriter().write("demo/app", request, KeyRules.RFC_9111).kept();
      FlightKey flight = new FlightKey(key, "");
      StoredEntry entry = store.find(key, HeaderFields.NONE);
      if (entry != null && entry.response().isFresh(millis.get())) {
        ByteBuf body = entry.borrow();
        if (body == null) {
          look(alone);
          return;
        }
        hits.incrementAndGet();
        check(body);
        finished(true);
        return;
      }
      FieldList conditions =
          entry == null ? FieldList.EMPTY : Reuse.Validate.of(entry.response()).conditions();
      subscription =
          alone || flights.passes(key) || rounds > 4
              ? flights.solo(flight, plan, entry, conditions, this)
              : flights.join(flight, plan, entry, conditions, this);
      if (subscription == null) {
        rounds++;
        look(alone);
      } else {
        loop.execute(this::mayLeave);
      }
    }

    private void mayLeave() {
      Subscription joined = subscription;
      if (!done && joined != null && looked++ >= patience) {
        joined.leave();
        finished(false);
      } else if (!done && patience != Integer.MAX_VALUE) {
        loop.execute(this::mayLeave);
      }
    }

    private void check(ByteBuf bytes) {
      // At once: each access to a buffer is recorded for the leak detector.
      byte[] read = ByteBufUtil.getBytes(bytes);
      bytes.release();
      byte[] all = content(path);
      int end = position + read.length;
      if (end > all.length || !Arrays.equals(read, 0, read.length, all, position, end)) {
        faults.add("wrong bytes at " + position + " of " + path);
      }
      position = end;
    }

    private void finished(boolean all) {
      if (done) {
        faults.add("two ends of " + path);
        return;
      }
      done = true;
      if (all) {
        whole.incrementAndGet();
        if (position != length(path)) {
          faults.add(path + " has " + position + " of " + length(path));
        }
      }
      over.incrementAndGet();
    }

    @Override
    public ViewerRequest request() {
      return request;
    }

    @Override
    public EventLoop loop() {
      return loop;
    }

    @Override
    public void begin(Arrival arrival) {
      if (!path.equals(arrival.head().first("X-Path"))
          || !(arrival.answer() instanceof StoredAnswer.Whole)) {
        faults.add("an answer for " + arrival.head());
      }
    }

    @Override
    public void data(ByteBuf bytes) {
      if (done) {
        bytes.release();
        return;
      }
      untaken += bytes.readableBytes();
      check(bytes);
      loop.schedule(this::take, random.nextInt(3), TimeUnit.MILLISECONDS);
    }

    private void take() {
      Subscription joined = subscription;
      if (!done && joined != null && untaken > 0) {
        int bytes = untaken;
        untaken = 0;
        joined.taken(bytes);
      }
    }

    @Override
    public void end() {
      if (!done) {
        finished(true);
      }
    }

    @Override
    public void failed(EdgeException failure) {
      if (!done) {
        finished(false);
      }
    }

    @Override
    public void held(StoredEntry entry, ByteBuf body, Held how) {
      if (done) {
        body.release();
        return;
      }
      check(body);
      finished(true);
    }

    @Override
    public void again(@Nullable VaryRule rule) {
      rounds++;
      // As a task: this object serves all its attempts, and the last one must have returned.
      loop.execute(() -> look(false));
    }

    @Override
    public void alone() {
      loop.execute(() -> look(true));
    }
  }

  @RepeatedTest(3)
  void allGetOneAnswerAndAllMemoryComesBack() throws InterruptedException {
    long seed = System.nanoTime();
    System.out.println("FlightRaceTest seed " + seed);
    seeds.setSeed(seed);
    Random random = new Random(seed);
    for (int i = 0; i < REQUESTS; i++) {
      String path = "/" + (int) Math.abs(random.nextGaussian() * PATHS / 2);
      EventLoop loop = loops.next();
      Viewer viewer = new Viewer(path, loop, new Random(nextSeed()));
      loop.execute(() -> viewer.look(false));
      int chance = random.nextInt(400);
      if (chance < 4) {
        store.invalidate("demo", Purge.paths(chance == 0 ? path + "*" : path));
      } else if (chance == 4) {
        store.removeAll();
      } else if (chance < 60) {
        millis.addAndGet(random.nextInt(1_000));
      }
      if (i % 100 == 99) {
        int most = i - 300;
        await().until(() -> over.get() >= most);
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> over.get() == REQUESTS);
    await().until(() -> flights.running() == 0);
    assertThat(faults).as("seed %d", seed).isEmpty();
    assertThat(flights.loadingBytes()).isZero();
    assertThat(store.heldBytes()).isLessThanOrEqualTo(2 << 20);
    // The test has met what it is about.
    assertThat(whole.get()).isGreaterThan(REQUESTS / 2);
    assertThat(hits.get()).isGreaterThan(100);
    assertThat(asked.get()).isBetween(100, REQUESTS - 100);
    store.removeAll();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }
}
