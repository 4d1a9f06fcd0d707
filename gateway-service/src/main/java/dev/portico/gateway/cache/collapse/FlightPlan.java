package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.AskedPart;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.OriginRequest;
import org.jspecify.annotations.Nullable;

/** How a behaviour asks its origin and answers its viewers; from any thread. */
public interface FlightPlan {
  /** How it caches. */
  CachingRules rules();

  /**
   * The request to the origin for a complete answer that is good for all with the same key.
   *
   * @param viewer whose request it is
   * @param conditions what makes it conditional
   */
  OriginRequest question(ViewerRequest viewer, FieldList conditions);

  /**
   * What viewers get of a response, without Age and Cache-Status.
   *
   * @param fields those that are for viewers
   * @param viewer one of those with the same key
   * @throws IllegalArgumentException when the fields are not valid
   */
  ResponseHead head(int status, HeaderFields fields, ViewerRequest viewer);

  /**
   * The part of a representation that is asked for and answered as if it were all; null for a
   * complete one.
   */
  default @Nullable AskedPart part() {
    return null;
  }

  /** How many requests may take the place of one that got no answer, in one flight. */
  int promotions();
}
