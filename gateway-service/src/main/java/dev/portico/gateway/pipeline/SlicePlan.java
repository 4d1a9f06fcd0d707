package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.FlightPlan;
import dev.portico.gateway.cache.semantics.AskedPart;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.OriginRequest;

/**
 * How a slice is asked for.
 *
 * @param behaviour whose origin is asked
 * @param part the slice
 */
record SlicePlan(EdgeBehaviour behaviour, AskedPart part) implements FlightPlan {
  @Override
  public CachingRules rules() {
    return behaviour.rules();
  }

  @Override
  public OriginRequest question(ViewerRequest viewer, FieldList conditions) {
    return behaviour.question(viewer, part.fields());
  }

  @Override
  public ResponseHead head(int status, HeaderFields fields, ViewerRequest viewer) {
    return behaviour.head(status, fields, viewer);
  }

  @Override
  public int promotions() {
    return behaviour.promotions();
  }
}
