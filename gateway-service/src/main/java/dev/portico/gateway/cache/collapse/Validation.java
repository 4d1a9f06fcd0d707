package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.DeliveredFields;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.Freshening;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.store.StoredEntry;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is held while the origin is asked about it: it may be brought up to date, or stand in for an
 * answer that does not come. Has a use of its body until it is given up. Belongs to a flight and
 * its event loop.
 */
final class Validation {
  private static final Logger LOG = LoggerFactory.getLogger(Validation.class);

  private final Flights flights;
  private final FlightPlan plan;
  private final CacheKey key;
  private @Nullable StoredEntry entry;
  private FieldList conditions;

  /**
   * A validation.
   *
   * @param entry what is asked about, a use of its body included; null for nothing
   * @param conditions what makes the question conditional
   */
  Validation(
      Flights flights,
      FlightPlan plan,
      CacheKey key,
      @Nullable StoredEntry entry,
      FieldList conditions) {
    this.flights = flights;
    this.plan = plan;
    this.key = key;
    this.entry = entry;
    this.conditions = conditions;
  }

  FieldList conditions() {
    return conditions;
  }

  /** Asks for the whole from now on. */
  void unconditional() {
    conditions = FieldList.EMPTY;
  }

  /** What is held; null for nothing. */
  @Nullable StoredEntry entry() {
    return entry;
  }

  /** What may stand in for a failure of the origin at this moment; null for nothing. */
  @Nullable StoredEntry inNeed() {
    StoredEntry held = entry;
    return held != null && held.response().mayReplaceFailure(flights.now()) ? held : null;
  }

  /**
   * Whether what is held stays although the origin has answered with this status: a failure, while
   * the stale response may still be served (RFC 5861, section 3).
   */
  boolean outlasts(int status) {
    StoredEntry held = entry;
    return held != null
        && StoredResponse.isFailure(status)
        && !StoredResponse.isFailure(held.response().status())
        && flights.now() < held.response().staleWhileRevalidateUntil();
  }

  void giveUp() {
    StoredEntry held = entry;
    entry = null;
    if (held != null) {
      held.body().giveUp();
    }
  }

  /** Whether a 304 is about what is held (RFC 9111, section 4.3.4). */
  static boolean isAbout(StoredEntry held, OriginAnswer answer) {
    return !Freshening.selected(List.of(held.response()), answer.response(), answer.responseTime())
        .isEmpty();
  }

  /**
   * What is held as a 304 renews it, in the store and here; as it was, and dropped from the store,
   * where it may not be kept any more.
   *
   * @param request the one that was asked with
   */
  StoredEntry renewed(StoredEntry old, OriginAnswer answer, ViewerRequest request, long mark) {
    Storing storing = Freshening.byNotModified(old.response(), old.fields(), answer, plan.rules());
    StoredEntry fresh =
        storing instanceof Storing.Store store ? renewed(old, store, request) : null;
    if (fresh == null) {
      flights.store().drop(key, old);
      return old;
    }
    flights.store().freshen(key, old, fresh, mark);
    entry = fresh;
    return fresh;
  }

  /** The same body under a new head, with a use for the store; the one there is stays here. */
  private @Nullable StoredEntry renewed(
      StoredEntry old, Storing.Store storing, ViewerRequest request) {
    if (!old.body().use()) {
      return null;
    }
    try {
      FieldList delivered = DeliveredFields.whole(storing.fields());
      ResponseHead head = plan.head(old.response().status(), delivered, request);
      return old.renewed(storing, head);
    } catch (IllegalArgumentException e) {
      old.body().giveUp();
      LOG.warn("A 304 has invalid fields: {}", e.getMessage());
      return null;
    }
  }
}
