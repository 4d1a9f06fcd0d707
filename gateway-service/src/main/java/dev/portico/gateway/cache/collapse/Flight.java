package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.AskedPart;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.DeliveredFields;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.store.ResponseStore;
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
  private final Validation validation;
  private @Nullable Subscriber leader;
  private @Nullable Transfer transfer;
  private @Nullable Question question;
  private int promotions;
  private boolean background;
  private boolean uncoded;
  private boolean closed;
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
    this.validation = new Validation(flights, plan, key.key(), validated, conditions);
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
    validation.giveUp();
  }

  /** It admits nobody and is in no registry. */
  Flight alone() {
    closed = true;
    return this;
  }

  /** Asks the origin. Called once, on the event loop. */
  void start(ViewerRequest request, @Nullable Subscriber first) {
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
      // What nobody waits for is no part of the trace of a request that may be over before it.
      ViewerRequest whose = background ? request.background() : request;
      next.call = flights.send(plan.question(whose, validation.conditions()), loop, next);
    } catch (RuntimeException e) {
      LOG.error("Request {} could not be sent", request.requestId(), e);
      next.failed(new EdgeException(EdgeError.INTERNAL, "the request could not be sent", e));
    }
  }

  /** Admits another one, or sends it back to look again. */
  void join(Subscriber subscriber) {
    Transfer running = transfer;
    CacheTags tags = running == null ? CacheTags.NONE : running.tags();
    if (!closed && !flights.store().isCurrent(key.key(), tags, mark)) {
      close();
    }
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

  // For the transfer.

  FlightKey key() {
    return key;
  }

  long mark() {
    return mark;
  }

  boolean isOver() {
    return over;
  }

  boolean isBackground() {
    return background;
  }

  boolean isLedBy(Subscriber subscriber) {
    return subscriber == leader;
  }

  boolean isEmpty() {
    return subscribers.isEmpty();
  }

  /** Those who are there now; what they are told may change who is. */
  List<Subscriber> all() {
    return List.copyOf(subscribers);
  }

  void add(Subscriber subscriber) {
    subscribers.add(subscriber);
  }

  void remove(Subscriber subscriber) {
    subscribers.remove(subscriber);
  }

  /** The origin's answer is no longer wanted. */
  void hangUp() {
    Question asked = question;
    if (asked != null) {
      asked.cancel();
    }
  }

  /** The origin's answer has come to its end. */
  void answerEnded() {
    question = null;
  }

  /** Stops reading the origin's answer, or goes on. */
  void pace(boolean pause) {
    Question asked = question;
    OriginCall call = asked == null ? null : asked.call;
    if (call != null && pause) {
      call.pause();
    } else if (call != null) {
      call.resume();
    }
  }

  /** Admits nobody any more. */
  void close() {
    if (!closed) {
      closed = true;
      flights.closed(key, this);
    }
  }

  /** Nobody wants it. */
  void cancel() {
    hangUp();
    land();
  }

  /** Everything has been told; gives up all that it holds. */
  void land() {
    close();
    if (over) {
      return;
    }
    over = true;
    question = null;
    validation.giveUp();
    Transfer running = transfer;
    if (running != null) {
      running.release();
    }
    subscribers.clear();
    flights.landed();
  }

  /**
   * Whether the answer was not invalidated before somebody asked. Whose request it is asked after
   * it joined.
   */
  boolean holdsFor(Subscriber subscriber, CacheTags tags) {
    return isLedBy(subscriber)
        || subscriber.mark() <= mark
        || flights.store().isCurrent(key.key(), tags, mark);
  }

  /** What is held stands in for the answer; nobody may get it whom it does not fit. */
  private void answerWith(StoredEntry entry, FlightUser.Held how) {
    close();
    for (Subscriber subscriber : all()) {
      if (!subscriber.active()) {
        continue;
      }
      if (!holdsFor(subscriber, entry.tags())) {
        subscriber.again(null);
      } else if (entry.response().matches(subscriber.fields())) {
        subscriber.held(entry, how);
      } else {
        subscriber.again(entry.response().vary());
      }
    }
    land();
  }

  /** So that what is held, where it may, answers at once, and the origin is asked seldom. */
  private void noteFailure() {
    if (validation.entry() != null && !key.isPersonal()) {
      flights.failed(key.key());
    }
  }

  private void noteAnswer() {
    if (!key.isPersonal()) {
      flights.answered(key.key());
    }
  }

  /** The origin has failed, and what is held may answer in its place. */
  private void standIn(StoredEntry entry) {
    answerWith(entry, FlightUser.Held.IN_NEED);
  }

  /** RFC 9111, section 4.3.4. */
  private void notModified(OriginAnswer answer, ViewerRequest request) {
    StoredEntry held = validation.entry();
    if (held == null || validation.conditions().isEmpty()) {
      unanswered(new EdgeException(EdgeError.ORIGIN_PROTOCOL, "304 without a condition"));
    } else if (Validation.isAbout(held, answer)) {
      noteAnswer();
      answerWith(validation.renewed(held, answer, request, mark), FlightUser.Held.VALIDATED);
    } else {
      // It speaks of something else than what is held: only the whole helps.
      validation.unconditional();
      ask(request);
    }
  }

  /** No head came. One of those who wait asks in the place of the one who failed. */
  private void unanswered(EdgeException failure) {
    question = null;
    noteFailure();
    StoredEntry standIn = validation.inNeed();
    if (standIn != null) {
      standIn(standIn);
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

  /** All who wait get no answer, or none that is whole. */
  void fail(EdgeException failure) {
    close();
    for (Subscriber subscriber : all()) {
      if (subscriber.active()) {
        subscriber.failed(failure);
      }
    }
    land();
  }

  private void answered(
      ViewerRequest request, OriginAnswer answer, long length, BodyFraming framing) {
    boolean failure = StoredResponse.isFailure(answer.status());
    StoredEntry standIn = failure ? validation.inNeed() : null;
    if (failure) {
      noteFailure();
    }
    AskedPart part = plan.part();
    if (part != null) {
      partAnswered(request, answer, part, framing);
    } else if (answer.status() == 304) {
      notModified(answer, request);
    } else if (standIn != null) {
      standIn(standIn);
    } else {
      if (!failure) {
        noteAnswer();
      }
      begin(request, answer, length, framing);
    }
  }

  /** A part is taken for all of something; what is not that part is of no use. */
  private void partAnswered(
      ViewerRequest request, OriginAnswer answer, AskedPart part, BodyFraming framing) {
    OriginAnswer whole = part.asWhole(answer);
    if (whole != null) {
      begin(request, whole, part.range().length(), framing);
      return;
    }
    hangUp();
    boolean failure = StoredResponse.isFailure(answer.status());
    EdgeError error = failure ? EdgeError.ORIGIN_FAILED : EdgeError.ORIGIN_CHANGED;
    fail(new EdgeException(error, answer.status() + " instead of the part " + part));
  }

  private void begin(ViewerRequest request, OriginAnswer answer, long length, BodyFraming framing) {
    Storing storing = Storing.decide(answer, plan.rules());
    boolean stored = framing.verifiable() && !validation.outlasts(answer.status());
    Storing.Store store = stored && storing instanceof Storing.Store s ? s : null;
    if (store != null && uncoded) {
      store = store.forNow(flights.now());
    }
    try {
      begin(request, answer, store, storing, length);
    } catch (IllegalArgumentException e) {
      hangUp();
      unanswered(new EdgeException(EdgeError.ORIGIN_PROTOCOL, "invalid response header", e));
    }
  }

  private void begin(
      ViewerRequest request,
      OriginAnswer answer,
      Storing.@Nullable Store store,
      Storing storing,
      long length) {
    ResponseHead own =
        plan.head(answer.status(), DeliveredFields.whole(answer.response()), request);
    ResponseHead shared =
        store == null
            ? own
            : plan.head(answer.status(), DeliveredFields.whole(store.fields()), request);
    if (store != null && isForSlices(store, length)) {
      slice(answer, store, shared);
      return;
    }
    StoredEntry old = validation.entry();
    Storing.Reason reason = storing instanceof Storing.Pass pass ? pass.reason() : null;
    if (store == null && old != null && !isAboutOneRequest(answer, reason)) {
      // What is held is not the origin's answer any more, and the new one may not be kept.
      flights.store().drop(key.key(), old);
    }
    boolean kept = store != null && flights.keeps(Math.max(0, length));
    Transfer begun = new Transfer(flights, this, answer, store, kept, own, shared, reason, length);
    transfer = begun;
    begun.begin();
  }

  /**
   * Whether others may get other answers than one that may not be stored: it must neither cost what
   * is held nor keep others from waiting for one another, or anybody could bring that about.
   */
  boolean isAboutOneRequest(OriginAnswer answer, Storing.@Nullable Reason reason) {
    return plan.rules().isPersonal(answer.request())
        || reason == Storing.Reason.AUTHORIZATION
        || StoredResponse.isFailure(answer.status())
        || StoredResponse.isAboutOneRequest(answer.status());
  }

  /** Whether it is too large for one piece and can be fetched in several. */
  private boolean isForSlices(Storing.Store store, long length) {
    ResponseStore kept = flights.store();
    // A part of one in slices is never in slices itself.
    return plan.part() == null
        && length > 0
        && !kept.takes(length)
        && kept.sliceSize() > 0
        && store.shareable()
        && AskedPart.canBeAskedFor(store)
        && !flights.passes(key.key());
  }

  /** All who wait fetch what they need of it, together where they need the same. */
  private void slice(OriginAnswer answer, Storing.Store store, ResponseHead shared) {
    hangUp();
    StoredEntry entry = StoredEntry.sliced(store, shared, flights.store().sliceSize());
    SharedBytes nothing = entry.body();
    if (!nothing.use()) {
      throw new IllegalStateException("a use was just made");
    }
    try {
      flights.store().put(key.key(), entry, answer.request(), mark);
      answerWith(entry, FlightUser.Held.SLICED);
    } finally {
      nothing.giveUp();
    }
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
    public void informational(int status, HeaderFields headers) {
      Subscriber first = leader;
      if (!deaf() && first != null && first.active()) {
        first.informed(status, headers);
      }
    }

    @Override
    public void uncoded() {
      uncoded = !deaf();
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
}
