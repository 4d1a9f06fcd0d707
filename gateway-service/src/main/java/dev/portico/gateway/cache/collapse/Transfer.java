package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.store.SharedBytes;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer on its way from the origin to all who get it: who may have it, where each is in the
 * body, what may be dropped of it and how fast it may come, and what is stored in the end. Belongs
 * to a flight and its event loop.
 */
final class Transfer {
  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
  private static final long NEARLY_THERE = 1 << 20;

  private final Flights flights;
  private final Flight flight;
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

  /**
   * An answer of which the head has come.
   *
   * @param store as what it is stored; null when it is not
   * @param kept whether its body is
   * @param own the head for the one whose request it answers
   * @param shared the head for all others
   * @param reason why it is not stored; null for none
   * @param length of the body in bytes, -1 when it is not known
   */
  Transfer(
      Flights flights,
      Flight flight,
      OriginAnswer answer,
      Storing.@Nullable Store store,
      boolean kept,
      ResponseHead own,
      ResponseHead shared,
      Storing.@Nullable Reason reason,
      long length) {
    this.flights = flights;
    this.flight = flight;
    this.answer = answer;
    this.store = store;
    this.own = own;
    this.shared = shared;
    this.reason = reason;
    this.length = length;
    this.body = flights.body(kept, length);
  }

  /** What the answer can be invalidated by. */
  CacheTags tags() {
    return store == null ? CacheTags.NONE : store.tags();
  }

  /** Gives up its memory; once. */
  void release() {
    body.release();
  }

  /** Tells all who wait. */
  void begin() {
    boolean shareable = store != null && store.shareable();
    if (store == null && !flight.isAboutOneRequest(answer, reason)) {
      flights.passing(flight.key().key());
    }
    if (!shareable || !body.kept()) {
      flight.close();
    }
    for (Subscriber subscriber : flight.all()) {
      if (flight.isLedBy(subscriber)) {
        admit(subscriber, own, true);
      } else if (!shareable) {
        flight.remove(subscriber);
        subscriber.alone();
      } else {
        admitIfFitting(subscriber);
      }
    }
    if (!flight.isOver() && flight.isEmpty()) {
      deserted();
    }
  }

  void join(Subscriber subscriber) {
    boolean fresh = store != null && store.response().isFresh(flights.now());
    if (fresh && body.kept()) {
      flight.add(subscriber);
      admitIfFitting(subscriber);
    } else {
      flight.close();
      subscriber.again(null);
    }
  }

  private void admitIfFitting(Subscriber subscriber) {
    if (!flight.holdsFor(subscriber, tags())) {
      flight.remove(subscriber);
      subscriber.again(null);
    } else if (store != null && store.response().matches(subscriber.fields())) {
      admit(subscriber, shared, false);
    } else {
      flight.remove(subscriber);
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
        flights.passing(flight.key().key());
        flight.remove(subscriber);
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
            leads || store == null ? answer.response() : store.fields(),
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
    }
    if (!body.kept()) {
      flight.close();
    }
    for (Subscriber subscriber : flight.all()) {
      feed(subscriber);
    }
    progressed();
  }

  private void broken(String detail) {
    flight.hangUp();
    flight.fail(new EdgeException(EdgeError.ORIGIN_PROTOCOL, detail));
  }

  void feed(Subscriber subscriber) {
    if (!flight.isOver() && subscriber.active() && subscriber.feed(body, complete)) {
      flight.remove(subscriber);
      subscriber.end();
    }
  }

  /** After somebody has read, or gone: the slowest says what may be dropped, and the pace. */
  void progressed() {
    if (flight.isOver()) {
      return;
    }
    if (flight.isEmpty()) {
      deserted();
      return;
    }
    long slowest = body.end();
    for (Subscriber subscriber : flight.all()) {
      slowest = Math.min(slowest, subscriber.position());
    }
    body.dropBefore(slowest);
    pace(!body.kept() && body.end() - slowest > Subscriber.WINDOW);
  }

  private void pace(boolean pause) {
    if (pause != paused && !complete) {
      paused = pause;
      flight.pace(pause);
    }
  }

  /**
   * Nobody waits any more. The rest is fetched if at least half is there or at most 1 MiB is
   * missing; of an unknown length at most 1 MiB more is tried.
   */
  void deserted() {
    if (complete) {
      flight.land();
      return;
    }
    if (!isWorthFinishing()) {
      flight.cancel();
    }
  }

  private boolean isWorthFinishing() {
    if (!body.kept()) {
      return false;
    }
    if (flight.isBackground()) {
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
      flight.answerEnded();
      flight.fail(new EdgeException(EdgeError.ORIGIN_CLOSED, "fewer bytes than announced"));
      return;
    }
    complete = true;
    flight.answerEnded();
    Storing.Store stored = store;
    SharedBytes bytes = stored != null && body.kept() ? body.seal() : null;
    if (stored != null && bytes != null) {
      keep(stored, bytes);
    }
    flight.close();
    for (Subscriber subscriber : flight.all()) {
      feed(subscriber);
    }
    progressed();
  }

  /** A bug in here must not cost those who wait their answer. */
  private void keep(Storing.Store stored, SharedBytes bytes) {
    try {
      StoredEntry entry = new StoredEntry(stored, shared, bytes);
      flights.store().put(flight.key().key(), entry, answer.request(), flight.mark());
      flights.kept(flight.key().key());
    } catch (RuntimeException e) {
      LOG.error("A complete answer could not be stored", e);
    }
  }
}
