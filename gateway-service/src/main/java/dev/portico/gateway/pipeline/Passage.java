package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.origin.ForwardedRequest;
import java.util.Locale;
import java.util.Set;

/** What is special about a request that is passed on: how its answers look. */
interface Passage {
  /**
   * The head that a response has behind this gateway, before what the gateway adds of its own.
   *
   * @param dropped names in lower case of fields that are made anew for the viewer
   * @throws IllegalArgumentException when the fields are not valid
   */
  static ResponseHead.Builder passedOn(int status, HeaderFields fields, Set<String> dropped) {
    ResponseHead.Builder head = ResponseHead.of(status);
    ForwardedRequest.endToEnd(
        fields,
        (name, value) -> {
          if (!dropped.contains(name.toLowerCase(Locale.ROOT))) {
            head.add(name, value);
          }
        });
    return head.add("Via", ForwardedRequest.via(HttpProtocol.HTTP_1_1.label()));
  }

  /** Passes an interim response on, like 103 Early Hints; one that is not valid is left out. */
  static void inform(ViewerExchange exchange, int status, HeaderFields fields) {
    ResponseHead head;
    try {
      head = passedOn(status, fields, Set.of("content-length", "x-request-id")).build();
    } catch (IllegalArgumentException e) {
      return;
    }
    exchange.inform(head);
  }

  /**
   * The head that the viewer gets, of what the other side answered.
   *
   * @throws IllegalArgumentException when its fields are not valid
   */
  ResponseHead head(int status, HeaderFields headers);

  /** More header fields for an error that the gateway found: names and values in turn. */
  String[] errorFields(String category);

  /** The largest body of a request that is passed on, in bytes; 0 for any. */
  long largestBody();

  /** Whether trailers are passed on, and asked for, as a site's own origins can have them. */
  boolean trailers();

  /** Whether programs are the usual viewers here. */
  boolean program();
}
