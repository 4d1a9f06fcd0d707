package dev.portico.gateway.cache.key;

import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A cache key for people: by name what {@link KeyWriter} writes as bytes, with nothing of a request
 * but what enters the key. Two requests have equal parts exactly when their keys are equal.
 */
public final class KeyParts {
  private KeyParts() {}

  /** The parts of the key that {@link KeyWriter#write} makes of the same. */
  public static Map<String, Object> of(String scope, ViewerRequest request, KeyRules rules) {
    Map<String, Object> parts = new LinkedHashMap<>();
    parts.put("scope", scope);
    parts.put("scheme", request.scheme());
    parts.put("host", request.host());
    parts.put("port", request.port());
    parts.put("path", request.rawPath());
    List<String> query = new ArrayList<>();
    String sent = request.query();
    if (sent != null && rules.query().selectsAll() && !rules.sortQuery()) {
      query.add(sent);
    } else if (sent != null && !rules.query().selectsNothing()) {
      QueryPieces.forEach(sent, rules, (text, from, to) -> query.add(text.substring(from, to)));
    }
    if (!query.isEmpty()) {
      parts.put("query", query);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : rules.headers()) {
      String value = request.headers().joined(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    if (!headers.isEmpty()) {
      parts.put("headers", headers);
    }
    List<String> cookies = new ArrayList<>();
    CookiePieces.forEach(
        request.headers(),
        rules.cookies(),
        (text, from, to) -> cookies.add(text.substring(from, to)));
    if (!cookies.isEmpty()) {
      parts.put("cookies", cookies);
    }
    KeyedCodings codings = KeyedCodings.of(request.headers(), rules);
    String forwarded = codings.forwarded();
    if (forwarded != null) {
      parts.put("codings", forwarded);
    }
    return parts;
  }
}
