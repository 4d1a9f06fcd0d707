package dev.portico.content.deployment.csp;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Something in a page that the policy does not allow, or that makes it weaker.
 *
 * @param path of the file
 * @param kind what it is
 * @param count how often it is there
 */
@Serdeable
public record Finding(String path, Kind kind, int count) {
  /** What may be found. */
  public enum Kind {
    /** An attribute like {@code onclick}: does not run under the policy. */
    EVENT_HANDLER,
    /** A {@code javascript:} URL: does not run under the policy. */
    JAVASCRIPT_URL,
    /** A {@code style} attribute: the policy allows all of them. */
    STYLE_ATTRIBUTE,
    /** Something is loaded by clear text: browsers refuse it, or ask for it by HTTPS. */
    CLEAR_TEXT,
    /** A script, style sheet, plugin or base from a {@code data:} or {@code blob:} URL: refused. */
    DATA_URL,
    /** A URL of another host that cannot be understood: it is not in the policy. */
    UNREADABLE_URL,
    /** The page brings a policy of its own, which counts as well. */
    OWN_POLICY,
    /** The file was not looked at: too large, or after too many others. */
    LEFT_OUT
  }
}
