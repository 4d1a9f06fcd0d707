package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.response.HttpDates;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Answers: which fields of a response are kept with it? (RFC 9111, sections 3.1 and 3.2.) All but
 * those for one connection or one proxy, and those that no-cache and private name. Age is left out
 * since it is said anew each time.
 */
final class StorableFields {
  private static final Set<String> NEVER =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "proxy-authenticate",
          "proxy-authentication-info",
          "proxy-authorization",
          "age");

  /**
   * What a 304 may not change: the length, and what describes the bytes that are stored. A 304 with
   * another Content-Encoding is a mistake of the origin that would make the stored body unreadable.
   */
  private static final Set<String> NOT_UPDATED =
      Set.of("content-length", "content-encoding", "content-range");

  private StorableFields() {}

  /** The fields to keep; a Date is added when there is none (RFC 9110, section 6.6.1). */
  static FieldList of(OriginAnswer answer, ResponseDirectives directives) {
    HeaderFields response = answer.response();
    Set<String> dropped = named(response);
    dropped.addAll(directives.noCacheFields());
    dropped.addAll(directives.privateFields());
    FieldList.Builder kept = new FieldList.Builder();
    response.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!NEVER.contains(lower) && !dropped.contains(lower)) {
            kept.add(name, value);
          }
        });
    return withDate(kept.build(), answer.responseTime());
  }

  /** The fields, with a Date when there is none. */
  static FieldList withDate(HeaderFields fields, long receivedAt) {
    FieldList.Builder dated = new FieldList.Builder();
    fields.forEach(dated::add);
    if (!fields.contains("Date")) {
      dated.add("Date", HttpDates.format(Instant.ofEpochMilli(receivedAt)));
    }
    return dated.build();
  }

  /**
   * Stored fields brought up to date: every field of the new response replaces all of its name. Age
   * comes along, for the age to be worked out.
   */
  static FieldList updated(HeaderFields stored, HeaderFields fresh) {
    Set<String> hops = named(fresh);
    Set<String> replaced = new HashSet<>();
    fresh.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          boolean hop = NEVER.contains(lower) && !lower.equals("age");
          if (!hop && !hops.contains(lower) && !NOT_UPDATED.contains(lower)) {
            replaced.add(lower);
          }
        });
    FieldList.Builder fields = new FieldList.Builder();
    stored.forEach(
        (name, value) -> {
          if (!replaced.contains(name.toLowerCase(Locale.ROOT))) {
            fields.add(name, value);
          }
        });
    fresh.forEach(
        (name, value) -> {
          if (replaced.contains(name.toLowerCase(Locale.ROOT))) {
            fields.add(name, value);
          }
        });
    return fields.build();
  }

  private static Set<String> named(HeaderFields response) {
    Set<String> names = new HashSet<>();
    for (String line : response.all("Connection")) {
      names.addAll(Tokens.fieldNames(line));
    }
    return names;
  }
}
