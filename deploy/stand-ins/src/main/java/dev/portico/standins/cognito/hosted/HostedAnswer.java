package dev.portico.standins.cognito.hosted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer of the hosted endpoints.
 *
 * @param status the HTTP status
 * @param headers the header fields
 * @param cookies the values of {@code Set-Cookie}
 * @param body the body, may be empty
 */
public record HostedAnswer(
    int status, Map<String, String> headers, List<String> cookies, String body) {
  static HostedAnswer html(int status, String page) {
    return of(status, page)
        .with("Content-Type", "text/html; charset=utf-8")
        .with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .with("X-Frame-Options", "DENY");
  }

  static HostedAnswer json(int status, JsonNode json) {
    return of(status, json.toString()).with("Content-Type", "application/json;charset=UTF-8");
  }

  static HostedAnswer redirect(String location) {
    return of(302, "").with("Location", location);
  }

  static HostedAnswer of(int status, String body) {
    return new HostedAnswer(status, Map.of("Cache-Control", "no-store"), List.of(), body);
  }

  HostedAnswer with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HostedAnswer(status, more, cookies, body);
  }

  /** The same with a cookie for the time that the browser runs; for none, give an age of 0. */
  HostedAnswer cookie(String name, String value, String attributes) {
    var more = new ArrayList<>(cookies);
    more.add(name + '=' + value + "; Path=/; HttpOnly; SameSite=Lax" + attributes);
    return new HostedAnswer(status, headers, more, body);
  }
}
