package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.cache.collapse.FlightPlan;
import dev.portico.gateway.cache.key.ForwardedValues;
import dev.portico.gateway.cache.key.KeyRules;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.RequestCaching;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.Target;
import dev.portico.gateway.response.policy.SecurityHeaders;
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
  private final KeyRules seen;
  private final @Nullable KeyRules chosen;
  private final OriginFacts facts;
  private final boolean preview;
  private final boolean compress;
  private final String asks;
  private final @Nullable EdgeBehaviour forOptions;

  /**
   * A behaviour.
   *
   * @param site the site's name
   * @param scope what keeps its keys apart from others' of the site
   * @param behaviour as the site's settings say it
   * @param origin who answers
   * @param second who answers when {@code origin} fails; null for nobody
   * @param policy how it caches; null for RFC 9111 alone
   * @param facts what the origin gets besides what is in the key
   * @param preview whether it is asked for by a preview's host name: not for search engines
   */
  EdgeBehaviour(
      String site,
      String scope,
      Behaviour behaviour,
      HttpOrigin origin,
      @Nullable HttpOrigin second,
      @Nullable CachePolicy policy,
      OriginFacts facts,
      boolean preview) {
    this(site, scope, behaviour, origin, second, policy, facts, preview, "GET");
  }

  /**
   * The same.
   *
   * @param asks the method that the origin is asked by for what is cached; each has keys of its own
   */
  private EdgeBehaviour(
      String site,
      String scope,
      Behaviour behaviour,
      HttpOrigin origin,
      @Nullable HttpOrigin second,
      @Nullable CachePolicy policy,
      OriginFacts facts,
      boolean preview,
      String asks) {
    boolean plain = asks.equals("GET");
    this.site = site;
    this.scope = site + '/' + scope + (plain ? "" : '/' + asks);
    this.asks = asks;
    this.forOptions =
        plain && policy != null && behaviour.cachesOptions()
            ? new EdgeBehaviour(
                site, scope, behaviour, origin, second, policy, facts, preview, "OPTIONS")
            : null;
    this.methods = behaviour.methods();
    this.allow = behaviour.allow();
    this.origin = origin;
    this.second = second;
    this.target = Target.of(origin);
    this.compress = behaviour.compress();
    CachingRules caching =
        policy == null ? CachingRules.RFC_9111 : facts.rules(policy, behaviour.errors());
    this.rules = compress ? caching.compressing() : caching;
    KeyRules all = policy == null ? KeyRules.RFC_9111 : facts.seen(policy);
    this.seen = compress ? all.compressing() : all;
    this.facts = facts;
    this.chosen = facts.chosen();
    KeyRules key = policy == null ? KeyRules.RFC_9111 : KeyRules.of(policy);
    this.keyRules = compress ? key.compressing() : key;
    this.preview = preview;
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

  /**
   * How OPTIONS is answered where its answers are cached; null where they are not, as without a
   * cache policy, since RFC 9110, section 9.3.7, has none.
   */
  @Nullable EdgeBehaviour forOptions() {
    return forOptions;
  }

  HttpOrigin origin() {
    return origin;
  }

  @Nullable HttpOrigin second() {
    return second;
  }

  /** The largest body of a request that the origin gets, in bytes; 0 for any. */
  long largestBody() {
    return facts.largestBody();
  }

  KeyRules keyRules() {
    return keyRules;
  }

  /**
   * Whether the answer is likely to be for this viewer alone. Such requests do not wait for one
   * another, or anybody could keep a page from being shared by sending credentials.
   */
  boolean isPersonal(ViewerRequest viewer) {
    return rules.isPersonal(viewer.headers());
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
    ForwardedValues values = ForwardedValues.of(viewer, seen);
    HttpHeaders headers = selected(viewer, values, false);
    conditions.forEach((name, value) -> headers.set(name, value));
    return asked(asks, viewer, path(viewer, values), headers, 0);
  }

  /** A request that is looked up but goes on alone: with its own method, conditions and ranges. */
  OriginRequest ownQuestion(ViewerRequest viewer) {
    ForwardedValues values = ForwardedValues.of(viewer, seen);
    return asked(viewer.method(), viewer, path(viewer, values), selected(viewer, values, true), 0);
  }

  /** A request that is not looked up: all of it goes to the origin, but what the site excepts. */
  OriginRequest passed(ViewerRequest viewer, long bodyLength) {
    HttpHeaders headers =
        facts.addTo(ForwardedRequest.toOrigin(facts.withoutExcepted(viewer)), viewer);
    if (chosen == null) {
      return asked(viewer.method(), viewer, viewer.rawTarget(), headers, bodyLength);
    }
    ForwardedValues values = ForwardedValues.of(viewer, chosen);
    String cookie = values.cookie();
    if (cookie == null) {
      headers.remove("cookie");
    } else {
      headers.set("cookie", cookie);
    }
    return asked(viewer.method(), viewer, path(viewer, values), headers, bodyLength);
  }

  /** A request to change the protocol, which is for this viewer alone. */
  OriginRequest upgraded(ViewerRequest viewer, String protocol) {
    return passed(viewer, 0).upgradingTo(protocol);
  }

  private OriginRequest asked(
      String method, ViewerRequest viewer, String path, HttpHeaders headers, long bodyLength) {
    ContentCoding coding = ForwardedValues.compressedIn(viewer, keyRules);
    if (compress) {
      CodedConditions.toOrigin(headers);
    }
    OriginRequest request =
        OriginRequest.of(target, method, path, headers, bodyLength)
            .onBehalfOf(viewer.ids())
            .coded(coding);
    return second == null ? request : request.orElse(second);
  }

  private static String path(ViewerRequest viewer, ForwardedValues values) {
    String query = values.query();
    return query == null ? viewer.rawPath() : viewer.rawPath() + '?' + query;
  }

  /**
   * What is in the key, and no more than the site wants: what else an origin saw, it could answer
   * by.
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
                    : !name.equals("expect") && goes(name));
    String cookie = values.cookie();
    if (cookie != null) {
      headers.set("cookie", cookie);
    }
    String codings = values.acceptEncoding();
    if (codings != null) {
      headers.set("accept-encoding", codings);
    }
    return facts.addTo(headers, viewer);
  }

  /** Cookie and Accept-Encoding are said apart. */
  private boolean goes(String name) {
    return ForwardedValues.selects(name, keyRules)
        || (facts.selects(name) && !ForwardedValues.SAID_APART.contains(name));
  }

  @Override
  public ResponseHead head(int status, HeaderFields fields, ViewerRequest viewer) {
    ResponseHead.Builder head = head(status, fields);
    SecurityHeaders.addTo(head, viewer);
    return head.build();
  }

  /**
   * What one viewer gets of a response, by the rules of its exchange.
   *
   * @throws IllegalArgumentException when the fields are not valid
   */
  ResponseHead head(int status, HeaderFields fields, ViewerExchange exchange) {
    ResponseHead.Builder head = head(status, fields);
    Explained.ofOrigin(exchange, head);
    SecurityHeaders.addTo(head, exchange);
    return head.build();
  }

  private ResponseHead.Builder head(int status, HeaderFields fields) {
    ResponseHead.Builder head = Passage.passedOn(status, PorticoCookies.unset(fields), OURS);
    return preview ? head.set("X-Robots-Tag", "noindex") : head;
  }
}
