package dev.portico.gateway.response.policy;

import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A response headers policy, compiled: first what is removed, then CORS, security headers, fields
 * of the team's own, and of Portico's own security headers those on which the policy is silent. Two
 * are equal when their policies are.
 */
public final class PolicyRules implements HeadRules {
  /** Characters of added fields up to which a head is kept with a cached response. */
  private static final int MOST_KEPT = 2_048;

  private static final String SERVER_TIMING = "Server-Timing";

  private final ResponsePolicy policy;
  private final @Nullable PolicyRules forPreview;
  private final PrivateRules forAdmitted = new PrivateRules(this, false, "access policy");
  private final PrivateRules forRefused = new PrivateRules(this, true, "access policy");
  private final PrivateRules byRole = new PrivateRules(this, false, "_redirects");
  private final List<HeaderRule> lines;
  private final @Nullable CorsRules cors;
  private final boolean keepable;

  private PolicyRules(ResponsePolicy policy, @Nullable PolicyRules forPreview) {
    this.policy = policy;
    this.forPreview = forPreview;
    this.cors = policy.cors() == null ? null : new CorsRules(policy.cors());
    List<HeaderRule> all = new ArrayList<>(policy.headers());
    Set<String> decided = new HashSet<>(policy.removed());
    all.forEach(rule -> decided.add(rule.name().toLowerCase(Locale.ROOT)));
    for (HeaderRule own : SecurityHeaders.DEFAULTS) {
      if (!decided.contains(own.name().toLowerCase(Locale.ROOT))) {
        all.add(own);
      }
    }
    if (forPreview == null) {
      // Not for the policy to decide: search engines are kept away from previews.
      all.add(new HeaderRule("X-Robots-Tag", "noindex", true));
    }
    this.lines = List.copyOf(all);
    this.keepable =
        all.stream().mapToInt(rule -> rule.name().length() + rule.value().length()).sum()
            <= MOST_KEPT;
  }

  /** The rules of a policy. */
  public static PolicyRules of(ResponsePolicy policy) {
    return new PolicyRules(policy, new PolicyRules(policy, null));
  }

  /** The same for a preview. */
  public PolicyRules forPreview() {
    return forPreview == null ? this : forPreview;
  }

  /** The same for viewers whom an access policy has let in. */
  public PrivateRules forAdmitted() {
    return forAdmitted;
  }

  /** The same for viewers whom a redirect rule has told apart by their groups. */
  public PrivateRules byRole() {
    return byRole;
  }

  /**
   * What is left of it for those who are not let in: who may read the answer across origins. The
   * rest is about what is behind.
   */
  public PrivateRules forRefused() {
    return forRefused;
  }

  /** Says who may read the response across origins, and nothing else. */
  void share(ResponseHead.Builder head, ViewerRequest request) {
    if (cors != null) {
      cors.apply(head, request);
    }
  }

  /** The policy's id. */
  public String id() {
    return policy.id();
  }

  /**
   * Whether a request is answered here and now, by {@code 204} and what these rules add: a
   * preflight of which the policy decides. Where the policy gives way to what origins say, and the
   * origin can be asked, the origin decides.
   *
   * @param passed whether the behaviour passes OPTIONS on to an origin
   */
  public boolean answersPreflight(ViewerRequest request, boolean passed) {
    return cors != null && CorsRules.isPreflight(request) && (cors.override() || !passed);
  }

  @Override
  public void apply(ResponseHead.Builder head, ViewerRequest request) {
    policy.removed().forEach(head::remove);
    if (cors != null) {
      cors.apply(head, request);
    }
    SecurityHeaders.apply(lines, head, request);
  }

  @Override
  public @Nullable String variant(ViewerRequest request) {
    return cors == null ? null : cors.variant(request);
  }

  @Override
  public boolean keepable() {
    return keepable;
  }

  @Override
  public String setBy(String lower) {
    boolean said =
        policy.removed().contains(lower)
            || policy.headers().stream().anyMatch(rule -> rule.name().equalsIgnoreCase(lower))
            || (cors != null && (lower.startsWith("access-control-") || lower.equals("vary")));
    if (said) {
      return "responseHeadersPolicy " + policy.id();
    }
    return lower.equals("x-robots-tag") ? "preview" : Explanation.GATEWAY;
  }

  @Override
  public ResponseHead sent(ResponseHead head, ViewerRequest request, Timeline timeline) {
    if (policy.timing() == ResponsePolicy.NO_TIMING || !timed(request)) {
      return head;
    }
    Outcome outcome = timeline.outcome();
    boolean held = outcome == Outcome.HIT || outcome == Outcome.STALE;
    // What an origin said of the time that another response took is not about this one.
    ResponseHead own =
        held && head.first(SERVER_TIMING) != null
            ? head.toBuilder().remove(SERVER_TIMING).build()
            : head;
    return own.with(SERVER_TIMING, ServerTiming.of(request, timeline, System.nanoTime()));
  }

  private boolean timed(ViewerRequest request) {
    boolean chosen =
        policy.timing() > 0
            && ThreadLocalRandom.current().nextInt(ResponsePolicy.MILLION) < policy.timing();
    return chosen || request.headers().lists("pragma", "server-timing");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PolicyRules rules
        && (forPreview == null) == (rules.forPreview == null)
        && policy.equals(rules.policy);
  }

  @Override
  public int hashCode() {
    return policy.hashCode();
  }

  @Override
  public String toString() {
    return policy + (forPreview == null ? " for a preview" : "");
  }
}
