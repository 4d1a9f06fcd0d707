package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;

/** What is special about a request that is passed on: how its answers look. */
interface Passage {
  /**
   * The head that the viewer gets, of what the other side answered.
   *
   * @throws IllegalArgumentException when its fields are not valid
   */
  ResponseHead head(int status, HeaderFields headers);

  /** More header fields for an error that the gateway found: names and values in turn. */
  String[] errorFields(String category);

  /** Whether programs are the usual viewers here. */
  boolean program();
}
