package dev.portico.gateway.cache.semantics;

import java.util.Set;

/** Answers: is the cache asked at all about a request? RFC 9111, sections 3 and 4. */
public enum RequestCaching {
  /** It is looked up, and the answer to it may be stored. */
  LOOKUP,
  /** Its method has no cached answers; it may make stored responses invalid. */
  METHOD,
  /** It has a body, which is in no key. */
  REQUEST,
  /** The policy stores nothing. */
  DISABLED;

  /**
   * Fields, in lower case, that a request loses on its way to the origin when it is looked up and
   * missed: the answer is to be complete and good for all, and this request's own conditions and
   * ranges are then judged against it ({@link StoredAnswer}).
   */
  public static final Set<String> REPLACED_FIELDS =
      Set.of(
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "if-range",
          "range");

  /**
   * Decides. OPTIONS has no cached answers (RFC 9110, section 9.3.7); those of POST (9.3.3) are not
   * stored. No field has a say, or any viewer could reach the origin by sending it; a request for
   * another protocol that is passed on ({@link
   * dev.portico.gateway.exchange.ViewerRequest#upgrade()}) does not come here, and any other {@code
   * Upgrade} is ignored (RFC 9110, section 7.8).
   *
   * @param method the method
   * @param hasBody whether a body follows
   * @param rules how the behaviour caches
   */
  public static RequestCaching of(String method, boolean hasBody, CachingRules rules) {
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return METHOD;
    }
    if (rules.disabled()) {
      return DISABLED;
    }
    return hasBody ? REQUEST : LOOKUP;
  }
}
