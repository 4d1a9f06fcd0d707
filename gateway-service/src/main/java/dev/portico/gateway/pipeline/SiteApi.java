package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.OwnOrigin;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.session.SessionTokens;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.Origin;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.site.SiteResolution;
import io.netty.buffer.ByteBuf;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Portico's API below {@code /.portico/api} of a site that has it mounted: pages of the site call
 * it with the session of their browser, whose access token no browser ever sees. At the site's live
 * hosts alone: what a preview shows is whatever somebody has uploaded.
 */
@Singleton
final class SiteApi {
  /** Where it is mounted. */
  static final String PREFIX = "/.portico/api";

  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  /**
   * What pages do with the account itself: the rest wants a fresh proof, which they do not have.
   */
  private static final Set<String> OWN_ACCOUNT = Set.of("GET", "HEAD", "PATCH");

  /** Of a site: what gives a power that outlasts the session. */
  private static final Set<String> LASTING = Set.of("members", "settings", "tokens");

  private static final String[] CHALLENGE = {"WWW-Authenticate", AccessReplies.BEARER};

  private final ApiRoutes routes;
  private final SessionTokens tokens;
  private final AuthTasks tasks;
  private final OriginClient origins;

  SiteApi(ApiRoutes routes, SessionTokens tokens, AuthTasks tasks, OriginClient origins) {
    this.routes = routes;
    this.tokens = tokens;
    this.tasks = tasks;
    this.origins = origins;
  }

  /** Answers when the path is one of these, and the site has them; false else. */
  boolean answers(ViewerExchange exchange, SiteResolution.Routable site) {
    ViewerRequest request = exchange.request();
    String raw = request.rawPath();
    if (!raw.startsWith(PREFIX) || site.preview() || !site.settings().access().api().mounted()) {
      return false;
    }
    String rest = raw.substring(PREFIX.length());
    if (!rest.isEmpty() && rest.charAt(0) != '/') {
      return false;
    }
    exchange.timeline().site(site.site());
    if (exchange.explanation() != null) {
      // Who wants to know why does not want to have it done by that.
      AccountReplies.done(exchange, List.of());
      return true;
    }
    String plain = request.path().substring(PREFIX.length());
    Origin origin = leftOut(request.method(), plain) ? null : routes.api(rest);
    EdgeError refusal = origin == null ? EdgeError.NOT_FOUND : refusal(request);
    @Nullable String session = PorticoCookies.session(request.headers());
    if (refusal != null) {
      ErrorReplies.reply(exchange, refusal, true);
    } else if (session == null) {
      ErrorReplies.reply(exchange, EdgeError.SIGN_IN_REQUIRED, true, CHALLENGE);
    } else if (origin != null) {
      identified(exchange, site.site(), session, origin);
    }
    return true;
  }

  /**
   * Whether pages do not get this. What a page does is what whoever publishes it wants, and not its
   * viewer: so neither what the account pages ask a fresh proof for, nor what would let somebody
   * else go on when the viewer has signed out.
   *
   * @param path decoded, so that no other spelling slips past
   */
  private static boolean leftOut(String method, String path) {
    List<String> segments = Stream.of(path.split("/", -1)).filter(part -> !part.isEmpty()).toList();
    if (segments.size() < 2) {
      return false;
    }
    return switch (segments.get(1)) {
      case "auth" -> !segments.equals(List.of("v1", "auth", "me")) || !OWN_ACCOUNT.contains(method);
      case "platform" -> true;
      case "policies" -> !READS.contains(method);
      case "sites" -> segments.size() > 3 && leftOutOfSite(method, segments.get(3));
      default -> false;
    };
  }

  private static boolean leftOutOfSite(String method, String part) {
    return part.equals("explain") || (LASTING.contains(part) && !READS.contains(method));
  }

  private static @Nullable EdgeError refusal(ViewerRequest request) {
    if (request.upgrade() != null) {
      return EdgeError.UPGRADE_REFUSED;
    }
    boolean own =
        READS.contains(request.method()) ? !OwnOrigin.denied(request) : OwnOrigin.made(request);
    return own ? null : EdgeError.CROSS_ORIGIN;
  }

  private void identified(ViewerExchange exchange, String site, String session, Origin origin) {
    SessionTokens.Answer known = tokens.known(session, site);
    if (known != null) {
      answered(exchange, known, origin);
      return;
    }
    tasks.run(
        exchange,
        () -> tokens.ask(session, site, exchange.request()),
        answer -> answered(exchange, answer, origin),
        () -> ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, true));
  }

  private void answered(ViewerExchange exchange, SessionTokens.Answer answer, Origin origin) {
    switch (answer) {
      case SessionTokens.Answer.SignedIn signedIn ->
          ServiceProxy.pass(new Mounted(exchange, signedIn.token()), origin, origins);
      case SessionTokens.Answer.Nobody nobody ->
          ErrorReplies.reply(exchange, EdgeError.SIGN_IN_REQUIRED, true, CHALLENGE);
    }
  }

  /** The exchange as the service sees it: at the API's own paths, and with the account's token. */
  private static final class Mounted extends ForwardingExchange {
    private static final Set<String> COOKIES = Set.of("cookie");

    Mounted(ViewerExchange original, String token) {
      super(original, request(original.request(), token));
    }

    private static ViewerRequest request(ViewerRequest request, String token) {
      HeaderFields fields =
          ToldFields.of(
              request.headers(), COOKIES, List.of("Authorization", "Bearer " + token), List.of());
      String raw = request.rawPath().substring(PREFIX.length());
      String path = request.path().substring(PREFIX.length());
      return request.with(fields).at(raw, path, request.query());
    }

    @Override
    public void respond(ResponseHead head, ByteBuf body) {
      original.respond(seen(head), body);
    }

    @Override
    public void begin(ResponseHead head, long length) {
      original.begin(seen(head), length);
    }

    /**
     * Nobody keeps it: what was asked with a cookie looks to caches as if anybody could have it.
     */
    private static ResponseHead seen(ResponseHead head) {
      ResponseHead.Builder seen =
          head.toBuilder()
              .set("Cache-Control", "no-store")
              .set("Cross-Origin-Resource-Policy", "same-origin");
      String location = head.first("Location");
      if (location != null && location.startsWith("/v1/")) {
        seen.set("Location", PREFIX + location);
      }
      return seen.build();
    }
  }
}
