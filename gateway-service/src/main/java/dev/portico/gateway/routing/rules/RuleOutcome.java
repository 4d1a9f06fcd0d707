package dev.portico.gateway.routing.rules;

import org.jspecify.annotations.Nullable;

/** What a line of {@code _redirects} says of a request. */
public sealed interface RuleOutcome {
  /**
   * The viewer is sent elsewhere.
   *
   * @param status 301, 302, 303, 307 or 308
   * @param location path or URL, percent-encoded; a path starts with exactly one slash
   */
  record Redirect(int status, String location) implements RuleOutcome {}

  /**
   * Another file of the deployment answers.
   *
   * @param path its decoded path, which starts with a slash
   */
  record Rewrite(String path) implements RuleOutcome {}

  /**
   * There is nothing here.
   *
   * @param status 404 or 410
   * @param path the decoded path of the page that says so; null for the one that answers anyway
   */
  record Absent(int status, @Nullable String path) implements RuleOutcome {}

  /**
   * An origin of the site's settings answers, if this is one.
   *
   * @param tls whether the URL begins with {@code https}
   * @param host its host, in lower case
   * @param port its port
   * @param rawPath its path, percent-encoded, without dot segments
   * @param query its query; null for none
   */
  record Proxy(boolean tls, String host, int port, String rawPath, @Nullable String query)
      implements RuleOutcome {}

  /** It cannot be said before it is known which groups the viewer is in. */
  record AskGroups() implements RuleOutcome {}
}
