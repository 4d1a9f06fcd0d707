package dev.portico.gateway.response.policy;

import dev.portico.gateway.exchange.ResponseHead;

/**
 * A field that responses get.
 *
 * @param name its name
 * @param value its value, possibly empty
 * @param override whether it takes the place of what a response has of this name already
 */
public record HeaderRule(String name, String value, boolean override) {
  void apply(ResponseHead.Builder head) {
    if (override) {
      head.set(name, value);
    } else {
      head.addIfAbsent(name, value);
    }
  }
}
