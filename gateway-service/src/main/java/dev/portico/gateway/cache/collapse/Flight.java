package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.DeliveredFields;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.Freshening;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.store.SharedBytes;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.OriginCall;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to an origin and all who wait for its answer. The cases, from top to bottom: somebody
 * joins or leaves; the origin says that what is held still holds; it fails before a head, or after;
 * it answers, and the answer is stored, or shared, or for one request alone.
 *
 * <p>All state belongs to one event loop, that of whoever flew first: there is no lock, and what
 * others do comes as tasks. It is in the registry as long as it admits others, and runs on after
 * that until everybody has got what it gets.
 */
final class Flight {
  private static final Logger LOG = LoggerFactory.getLogger(Flight.class);

  private final Flights flights;
  private final FlightKey key;
  private final FlightPlan plan;
  private final EventLoop loop;
  private final long mark;
  private final List<Subscriber> subscribers = new ArrayList<>(1);
  private @Nullable StoredEntry validated;
  private FieldList conditions;
  private @Nullable Subscriber leader;
  private @Nullable Transfer transfer;
  private @Nullable Question question;
  private int promotions;
  private boolean background;
  private boolean closed;
  private boolean started;
  private boolean over;

  /**
   * A flight that has not started.
   *
   * @param validated what is asked about; the flight has a use of its body
   */
  Flight(
      Flights flights,
      FlightKey key,
      FlightPlan plan,
      EventLoop loop,
      @Nullable StoredEntry validated,
      FieldList conditions,
      long mark) {
    this.flights = flights;
    this.key = key;
    this.plan = plan;
    this.loop = loop;
    this.validated = validated;
    this.conditions = conditions;
    this.mark = mark;
    this.promotions = plan.promotions();
  }

  /** Runs on the flight's event loop: at once when that is the caller's. */
  void run(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  /** It does not start: whoever has joined already looks again. */
  void discard() {
    closed = true;
    over = true;
    giveUpValidated();
  }

  private void giveUpValidated() {
    StoredEntry entry = validated;
    validated = null;
    if (entry != null) {
      entry.body().giveUp();
    }
  }

  /** It admits nobody and is in no registry. */
  Flight alone() {
    closed = true;
    return this;
  }

  /** Asks the origin. Called once, on the event loop. */
  void start(ViewerRequest request, @Nullable Subscriber first) {
    started = true;
    flights.started();
    background = first == null;
    if (first != null) {
      first.in(this);
      subscribers.add(first);
      leader = first;
    }
    ask(request);
  }

  private void ask(ViewerRequest request) {
    Question next = new Question(request);
    question = next;
    try {
      next.call = flights.send(plan.question(request, conditions), loop, next);
    } catch (RuntimeException e) {
      LOG.error("Request {} could not be sent", request.requestId(), e);
      next.failed(new EdgeException(EdgeError.INTERNAL, "the request could not be sent", e));
    }
  }

  /** Admits another one, or sends it back to look again. */
  void join(Subscriber subscriber) {
    if (!closed && mark != flights.store().mark(key.key())) {
      close();
    }
    Transfer running = transfer;
    if (closed) {
      subscriber.again(null);
    } else if (running == null) {
      subscribers.add(subscriber);
    } else {
      running.join(subscriber);
    }
  }

  /** Somebody has gone. An answer that nobody waits for is finished only if it is nearly there. */
  void leave(Subscriber subscriber) {
    subscriber.close();
    subscribers.remove(subscriber);
    if (over) {
      return;
    }
    Transfer running = transfer;
    if (!subscribers.isEmpty()) {
      if (running != null) {
        running.progressed();
      }
    } else if (running != null) {
      running.deserted();
    } else if (!background) {
      cancel();
    }
  }

  /** There is room for more at one of them. */
  void feed(Subscriber subscriber) {
    Transfer running = transfer;
    if (running != null && !over) {
      running.feed(subscriber);
      running.progressed();
    }
  }

  /** Admits nobody any more. */
  private void close() {
    if (!closed) {
      closed = true;
      flights.closed(key, this);
    }
  }

  private void cancel() {
    Question asked = question;
    if (asked != null) {
      asked.cancel();
    }
    land();
  }

  /** Everything has been told; gives up all that it holds. */
  private void land() {
    close();
    if (over) {
      return;
    }
    over = true;
    question = null;
    giveUpValidated();
    Transfer running = transfer;
    if (running != null) {
      running.body.release();
    }
    subscribers.clear();
    flights.landed();
  }

  /** What is held stands in for the answer; nobody may get it whom it does not fit. */
  private void answerWith(StoredEntry entry, FlightUser.Held how) {
    close();
    for (Subscriber subscriber : List.copyOf(subscribers)) {
      if (!subscriber.active()) {
        continue;
      }
      if (entry.response().matches(subscriber.fields())) {
        subscriber.held(entry, how);
      } else {
        subscriber.again(entry.response().vary());
      }
    }
    land();
  }

  private boolean replacesFailure() {
    StoredEntry entry = validated;
    return entry != null && entry.response().mayReplaceFailure(flights.now());
  }

  /** RFC 9111, section 4.3.4. */
  private void notModified(OriginAnswer answer, ViewerRequest request) {
    StoredEntry old = validated;
    if (old == null || conditions.isEmpty()) {
      unanswered(new EdgeException(EdgeError.ORIGIN_PROTOCOL, "304 without a condition"));
      return;
    }
    List<StoredResponse> candidates = List.of(old.response());
    if (Freshening.selected(candidates, answer.response(), answer.responseTime()).isEmpty()) {
      // It speaks of something else than what is held: only the whole helps.
      conditions = FieldList.EMPTY;
      ask(request);
      return;
    }
    Storing storing = Freshening.byNotModified(old.response(), old.fields(), answer, plan.rules());
    StoredEntry fresh = storing instanceof Storing.Store store ? freshened(old, store) : null;
    if (fresh == null) {
      flights.store().drop(key.key(), old);
      answerWith(old, FlightUser.Held.VALIDATED);
    } else {
      flights.store().freshen(key.key(), old, fresh, mark);
      validated = fresh;
      answerWith(fresh, FlightUser.Held.VALIDATED);
    }
  }

  /** The same body under a new head, with a use for the store; the flight's own use stays. */
  private @Nullable StoredEntry freshened(StoredEntry old, Storing.Store storing) {
    Question asked = question;
    if (asked == null || !old.body().use()) {
      return null;
    }
    try {
      FieldList delivered = DeliveredFields.whole(storing.fields());
      ResponseHead head = plan.head(old.response().status(), delivered, asked.request);
      return new StoredEntry(storing, head, old.body());
    } catch (IllegalArgumentException e) {
      old.body().giveUp();
      LOG.warn("A 304 has invalid fields: {}", e.getMessage());
      return null;
    }
  }

  /** No head came. One of those who wait asks in the place of the one who failed. */
  private void unanswered(EdgeException failure) {
    question = null;
    StoredEntry entry = validated;
    if (entry != null && replacesFailure()) {
      answerWith(entry, FlightUser.Held.IN_NEED);
      return;
    }
    Subscriber failed = leader;
    leader = null;
    if (failed != null && failed.active()) {
      subscribers.remove(failed);
      failed.failed(failure);
    }
    if (over) {
      return;
    }
    if (subscribers.isEmpty() || promotions == 0) {
      fail(failure);
      return;
    }
    promotions--;
    background = false;
    Subscriber promoted = subscribers.getFirst();
    leader = promoted;
    ask(promoted.request());
  }

  private void fail(EdgeException failure) {
    close();
    for (Subscriber subscriber : List.copyOf(subscribers)) {
      if (subscriber.active()) {
        subscriber.failed(failure);
      }
    }
    land();
  }

  private void answered(
      ViewerRequest request, OriginAnswer answer, long length, BodyFraming framing) {
    StoredEntry entry = validated;
    if (answer.status() == 304) {
      notModified(answer, request);
    } else if (entry != null && StoredResponse.isFailure(answer.status()) && replacesFailure()) {
      answerWith(entry, FlightUser.Held.IN_NEED);
    } else {
      Storing storing = Storing.decide(answer, plan.rules());
      boolean shown = framing.verifiable();
      Storing.Store store =
          shown && storing instanceof Storing.Store s && s.part() == null ? s : null;
      try {
        begin(request, answer, store, storing, length);
      } catch (IllegalArgumentException e) {
        Question asked = question;
        if (asked != null) {
          asked.cancel();
        }
        unanswered(new EdgeException(EdgeError.ORIGIN_PROTOCOL, "invalid response header", e));
      }
    }
  }

  private void begin(
      ViewerRequest request,
      OriginAnswer answer,
      Storing.@Nullable Store store,
      Storing storing,
      long length) {
    ResponseHead own = plan.head(answer.status(), answer.response(), request);
    ResponseHead shared =
        store == null
            ? own
            : plan.head(answer.status(), DeliveredFields.whole(store.fields()), request);
    boolean kept = store != null && flights.keeps(Math.max(0, length));
    Storing.Reason reason = storing instanceof Storing.Pass pass ? pass.reason() : null;
    Transfer begun = new Transfer(answer, store, kept, own, shared, reason, length);
    transfer = begun;
    begun.begin();
  }

  /** One question to the origin, and what becomes of it; deaf once it is answered otherwise. */
  private final class Question implements OriginListener {
    private final ViewerRequest request;
    private final long askedAt = flights.now();
    private @Nullable OriginCall call;

    Question(ViewerRequest request) {
      this.request = request;
    }

    private boolean deaf() {
      return over || question != this;
    }

    void cancel() {
      OriginCall running = call;
      question = null;
      if (running != null) {
        running.cancel();
      }
    }

    @Override
    public void head(int status, HeaderFields headers, long length, BodyFraming framing) {
      if (!deaf()) {
        OriginAnswer answer =
            new OriginAnswer("GET", request.headers(), status, headers, askedAt, flights.now());
        answered(request, answer, length, framing);
        if (deaf() && status != 304) {
          cancelUnread();
        }
      }
    }

    /** Its body is of no use to anybody. */
    private void cancelUnread() {
      OriginCall running = call;
      if (running != null) {
        running.cancel();
      }
    }

    @Override
    public void data(ByteBuf bytes) {
      Transfer running = transfer;
      if (deaf() || running == null) {
        bytes.release();
      } else {
        running.data(bytes);
      }
    }

    @Override
    public void end(HeaderFields trailers) {
      Transfer running = transfer;
      if (!deaf() && running != null) {
        running.complete();
      }
    }

    @Override
    public void failed(EdgeException failure) {
      if (deaf()) {
        return;
      }
      if (transfer == null) {
        unanswered(failure);
      } else {
        question = null;
        fail(failure);
      }
    }
  }

  /** An answer on its way from the origin to all who get it. */
  private final class Transfer {
    private static final long NEARLY_THERE = 1 << 20;

    private final OriginAnswer answer;
    private final Storing.@Nullable Store store;
    private final ResponseHead own;
    private final ResponseHead shared;
    private final Storing.@Nullable Reason reason;
    private final long length;
    private final FlightBody body;
    private long soloLimit = Long.MAX_VALUE;
    private boolean complete;
    private boolean paused;

    Transfer(
        OriginAnswer answer,
        Storing.@Nullable Store store,
        boolean kept,
        ResponseHead own,
        ResponseHead shared,
        Storing.@Nullable Reason reason,
        long length) {
      this.answer = answer;
      this.store = store;
      this.own = own;
      this.shared = shared;
      this.reason = reason;
      this.length = length;
      this.body = flights.body(kept, length);
    }

    /** Tells all who wait. */
    void begin() {
      boolean shareable = store != null && store.shareable();
      if (store == null && !isAboutOneRequest()) {
        flights.passing(key.key());
      }
      if (!shareable || !body.kept()) {
        close();
      }
      for (Subscriber subscriber : List.copyOf(subscribers)) {
        if (subscriber == leader) {
          admit(subscriber, own, true);
        } else if (!shareable) {
          subscribers.remove(subscriber);
          subscriber.alone();
        } else {
          admitIfFitting(subscriber);
        }
      }
      if (!over && subscribers.isEmpty()) {
        deserted();
      }
    }

    /** Others may get other answers: what came must not keep them from waiting for one another. */
    private boolean isAboutOneRequest() {
      return reason == Storing.Reason.AUTHORIZATION || StoredResponse.isFailure(answer.status());
    }

    void join(Subscriber subscriber) {
      boolean fresh = store != null && store.response().isFresh(flights.now());
      if (fresh && body.kept()) {
        subscribers.add(subscriber);
        admitIfFitting(subscriber);
      } else {
        close();
        subscriber.again(null);
      }
    }

    private void admitIfFitting(Subscriber subscriber) {
      if (store != null && store.response().matches(subscriber.fields())) {
        admit(subscriber, shared, false);
      } else {
        subscribers.remove(subscriber);
        subscriber.again(store == null ? null : store.response().vary());
      }
    }

    private void admit(Subscriber subscriber, ResponseHead head, boolean leads) {
      StoredAnswer what = StoredAnswer.WHOLE;
      if (store != null) {
        what = StoredAnswer.of(subscriber.request().head(), subscriber.fields(), store.response());
      }
      if (what instanceof StoredAnswer.Parts parts) {
        if (!body.kept()) {
          // What is too large to be kept must not be fetched for one part of it.
          flights.passing(key.key());
          subscribers.remove(subscriber);
          subscriber.alone();
          return;
        }
        if (parts.ranges().size() > 1) {
          what = StoredAnswer.WHOLE;
        }
      }
      subscriber.begin(
          new Arrival(
              head,
              answer.status(),
              length,
              what,
              store == null ? null : store.response(),
              store == null ? null : store.fields(),
              body.kept(),
              reason,
              leads));
      feed(subscriber);
    }

    void data(ByteBuf bytes) {
      if (length >= 0 && body.end() + bytes.readableBytes() > length) {
        bytes.release();
        broken("more bytes than announced");
        return;
      }
      body.append(bytes);
      if (body.kept() && length < 0 && !flights.keepsMore(body)) {
        body.pass();
        close();
      }
      for (Subscriber subscriber : List.copyOf(subscribers)) {
        feed(subscriber);
      }
      progressed();
    }

    private void broken(String detail) {
      Question asked = question;
      if (asked != null) {
        asked.cancel();
      }
      fail(new EdgeException(EdgeError.ORIGIN_PROTOCOL, detail));
    }

    void feed(Subscriber subscriber) {
      if (!over && subscriber.active() && subscriber.feed(body, complete)) {
        subscribers.remove(subscriber);
        subscriber.end();
      }
    }

    /** After somebody has read, or gone: the slowest says what may be dropped, and the pace. */
    void progressed() {
      if (over) {
        return;
      }
      if (subscribers.isEmpty()) {
        deserted();
        return;
      }
      long slowest = body.end();
      for (Subscriber subscriber : subscribers) {
        slowest = Math.min(slowest, subscriber.position());
      }
      body.dropBefore(slowest);
      pace(!body.kept() && body.end() - slowest > Subscriber.WINDOW);
    }

    private void pace(boolean pause) {
      Question asked = question;
      OriginCall call = asked == null ? null : asked.call;
      if (call == null || pause == paused || complete) {
        return;
      }
      paused = pause;
      if (pause) {
        call.pause();
      } else {
        call.resume();
      }
    }

    /**
     * Nobody waits any more. The rest is fetched if at least half is there or at most 1 MiB is
     * missing; of an unknown length at most 1 MiB more is tried.
     */
    void deserted() {
      if (complete) {
        land();
        return;
      }
      if (!isWorthFinishing()) {
        cancel();
      }
    }

    private boolean isWorthFinishing() {
      if (!body.kept()) {
        return false;
      }
      if (background) {
        return true;
      }
      if (length >= 0) {
        return length - body.end() <= NEARLY_THERE || 2 * body.end() >= length;
      }
      soloLimit = Math.min(soloLimit, body.end() + NEARLY_THERE);
      return body.end() <= soloLimit;
    }

    /** All of it is there. */
    void complete() {
      if (length >= 0 && body.end() != length) {
        question = null;
        fail(new EdgeException(EdgeError.ORIGIN_CLOSED, "fewer bytes than announced"));
        return;
      }
      complete = true;
      question = null;
      Storing.Store stored = store;
      if (stored != null && body.kept()) {
        SharedBytes bytes = body.seal();
        StoredEntry entry = new StoredEntry(stored, shared, bytes);
        flights.store().put(key.key(), entry, answer.request(), mark);
        flights.kept(key.key());
      }
      close();
      for (Subscriber subscriber : List.copyOf(subscribers)) {
        feed(subscriber);
      }
      progressed();
    }
  }

  @Override
  public String toString() {
    return "Flight[" + key + (started ? ", started" : "") + (over ? ", over" : "") + "]";
  }
}
