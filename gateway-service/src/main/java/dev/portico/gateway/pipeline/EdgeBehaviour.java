package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.collapse.FlightPlan;
import dev.portico.gateway.cache.key.ForwardedValues;
import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.RequestCaching;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.Target;
import dev.portico.gateway.routing.Behaviour;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A behaviour with an HTTP origin, all that it refers to resolved; made once per snapshot of its
 * site. It says how the origin is asked and what of its answers viewers see.
 */
final class EdgeBehaviour implements FlightPlan {
  /** Made anew for the viewer where the response is written. */
  private static final Set<String> OURS = Set.of("content-length", "x-request-id", "x-cache");

  private final String site;
  private final String scope;
  private final Set<String> methods;
  private final String allow;
  private final HttpOrigin origin;
  private final @Nullable HttpOrigin second;
  private final Target target;
  private final CachingRules rules;
  private final KeyRules keyRules;
  private final boolean credentialsInKey;
  private final boolean preview;

  /**
   * A behaviour.
   *
   * @param site the site's name
   * @param behaviour as the site's settings say it
   * @param origin who answers
   * @param second who answers when {@code origin} fails; null for nobody
   * @param policy how it caches; null for RFC 9111 alone
   * @param preview whether it is asked for by a preview's host name: not for search engines
   */
  EdgeBehaviour(
      String site,
      Behaviour behaviour,
      HttpOrigin origin,
      @Nullable HttpOrigin second,
      @Nullable CachePolicy policy,
      boolean preview) {
    this.site = site;
    // A change of origin forgets what the old one answered.
    this.scope = site + '/' + origin.id();
    this.methods = behaviour.methods();
    this.allow = behaviour.allow();
    this.origin = origin;
    this.second = second;
    this.target = Target.of(origin);
    this.rules = policy == null ? CachingRules.RFC_9111 : CachingRules.of(policy);
    this.keyRules = policy == null ? KeyRules.RFC_9111 : KeyRules.of(policy);
    this.preview = preview;
    this.credentialsInKey = policy != null && policy.headers().selects("authorization");
  }

  String site() {
    return site;
  }

  /** What keeps its keys apart from others'. */
  String scope() {
    return scope;
  }

  boolean allows(String method) {
    return methods.contains(method);
  }

  /** The value of Allow. */
  String allow() {
    return allow;
  }

  HttpOrigin origin() {
    return origin;
  }

  @Nullable HttpOrigin second() {
    return second;
  }

  KeyRules keyRules() {
    return keyRules;
  }

  /**
   * Whether the answer is likely to be for this viewer alone. Such requests do not wait for one
   * another, or anybody could keep a page from being shared by sending credentials.
   */
  boolean isPersonal(ViewerRequest viewer) {
    return !credentialsInKey && viewer.headers().contains("Authorization");
  }

  @Override
  public CachingRules rules() {
    return rules;
  }

  @Override
  public int promotions() {
    return Math.max(1, origin.attempts() - 1);
  }

  @Override
  public OriginRequest question(ViewerRequest viewer, FieldList conditions) {
    ForwardedValues values = ForwardedValues.of(viewer, keyRules);
    HttpHeaders headers = selected(viewer, values, false);
    conditions.forEach(headers::set);
    return asked("GET", path(viewer, values), headers, 0);
  }

  /** A request that is looked up but goes on alone: with its own method, conditions and ranges. */
  OriginRequest ownQuestion(ViewerRequest viewer) {
    ForwardedValues values = ForwardedValues.of(viewer, keyRules);
    return asked(viewer.method(), path(viewer, values), selected(viewer, values, true), 0);
  }

  /** A request that is not looked up: all of it goes to the origin. */
  OriginRequest passed(ViewerRequest viewer, long bodyLength) {
    return asked(
        viewer.method(), viewer.rawTarget(), ForwardedRequest.toOrigin(viewer), bodyLength);
  }

  /** A request to change the protocol, which is for this viewer alone. */
  OriginRequest upgraded(ViewerRequest viewer, String protocol) {
    return passed(viewer, 0).upgradingTo(protocol);
  }

  private OriginRequest asked(String method, String path, HttpHeaders headers, long bodyLength) {
    OriginRequest request = OriginRequest.of(target, method, path, headers, bodyLength);
    return second == null ? request : request.orElse(second);
  }

  private static String path(ViewerRequest viewer, ForwardedValues values) {
    String query = values.query();
    return query == null ? viewer.rawPath() : viewer.rawPath() + '?' + query;
  }

  /**
   * What is in the key, and no more: what else an origin saw, it could answer by.
   *
   * @param own whether the viewer's conditions and ranges go along
   */
  private HttpHeaders selected(ViewerRequest viewer, ForwardedValues values, boolean own) {
    HttpHeaders headers =
        ForwardedRequest.toOrigin(
            viewer,
            name ->
                RequestCaching.REPLACED_FIELDS.contains(name)
                    ? own
                    : !name.equals("expect") && ForwardedValues.selects(name, keyRules));
    String cookie = values.cookie();
    if (cookie != null) {
      headers.set("cookie", cookie);
    }
    String codings = values.acceptEncoding();
    if (codings != null) {
      headers.set("accept-encoding", codings);
    }
    return headers;
  }

  @Override
  public ResponseHead head(int status, HeaderFields fields, ViewerRequest viewer) {
    ResponseHead.Builder head = Passage.passedOn(status, fields, OURS);
    if (preview) {
      head.set("X-Robots-Tag", "noindex");
    }
    SecurityHeaders.addTo(head, viewer);
    return head.build();
  }
}
