package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.OwnOrigin;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.page.AccountText;
import dev.portico.gateway.access.session.AuthInternal;
import dev.portico.gateway.access.session.AuthInternal.Redeemed;
import dev.portico.gateway.access.session.AuthorizationRequest;
import dev.portico.gateway.access.session.Sessions;
import dev.portico.gateway.access.session.SignInLook;
import dev.portico.gateway.access.signin.Parameters;
import dev.portico.gateway.access.signin.ReturnPath;
import dev.portico.gateway.access.signin.SignInAttempt;
import dev.portico.gateway.access.signin.SignInCookies;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.site.SignIn;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads browsers to the sign-in pages of auth-service and takes them back: an authorization code
 * flow (OpenID Connect Core, section 3.1) with pushed request, PKCE, and state and nonce that only
 * this browser has. Whatever goes wrong ends in a page, never in another redirect.
 */
@Singleton
final class SignIns {
  private static final Logger LOG = LoggerFactory.getLogger(SignIns.class);

  private final AuthInternal auth;
  private final Sessions sessions;
  private final ViewerProtocols protocols;
  private final AuthTasks tasks;

  SignIns(AuthInternal auth, Sessions sessions, ViewerProtocols protocols, AuthTasks tasks) {
    this.auth = auth;
    this.sessions = sessions;
    this.protocols = protocols;
    this.tasks = tasks;
  }

  /**
   * Begins a sign-in.
   *
   * @param returnPath where to go afterwards
   * @param again whether to ask who it is even if that is known
   */
  void begin(
      ViewerExchange exchange, SiteResolution.Routable site, String returnPath, boolean again) {
    ViewerRequest request = exchange.request();
    Map<String, String> cookies = PorticoCookies.all(request.headers());
    if (!keepsCookies(request)) {
      overHttps(exchange, returnPath, again);
    } else if (!sessions.configured()) {
      AccountReplies.unavailable(exchange, returnPath, List.of());
    } else if (!again && cookies.containsKey(SignInCookies.JUST_NOW)) {
      List<String> gone = List.of(SignInCookies.gone(SignInCookies.JUST_NOW));
      AccountReplies.notCompleted(exchange, AccountText.NOT_KEPT, returnPath, gone);
    } else {
      announce(exchange, site, SignInAttempt.begin(returnPath, now()), cookies, again);
    }
  }

  /** Browsers take these cookies over HTTPS, and from {@code localhost} (Secure Contexts, 3.1). */
  private static boolean keepsCookies(ViewerRequest request) {
    return request.secure() || SecurityHeaders.local(request.host());
  }

  private void overHttps(ViewerExchange exchange, String returnPath, boolean again) {
    if (!protocols.reachedOverHttps()) {
      ErrorReplies.reply(exchange, EdgeError.HTTPS_REQUIRED, false);
      return;
    }
    String location =
        protocols.overHttps(exchange.request().host())
            + SiteAccounts.SIGN_IN
            + "?return="
            + AccountReplies.parameter(returnPath)
            + (again ? "&prompt=login" : "");
    AccountReplies.redirect(exchange, 302, location, List.of());
  }

  private void announce(
      ViewerExchange exchange,
      SiteResolution.Routable site,
      SignInAttempt attempt,
      Map<String, String> cookies,
      boolean again) {
    AuthorizationRequest asked =
        new AuthorizationRequest(
            site.site(),
            callback(exchange.request()),
            attempt.state(),
            attempt.nonce(),
            attempt.challenge(),
            again ? "login" : null,
            look(exchange.request(), site.settings().access().signIn()));
    tasks.run(
        exchange,
        () -> auth.authorize(asked, exchange.request()),
        location -> {
          List<String> lines = new ArrayList<>();
          lines.add(SignInCookies.attempt(attempt.sentTo(location)));
          SignInCookies.superfluous(cookies).forEach(name -> lines.add(SignInCookies.gone(name)));
          AccountReplies.redirect(exchange, 302, location, lines);
        },
        () -> AccountReplies.unavailable(exchange, attempt.returnPath(), List.of()));
  }

  private static @Nullable SignInLook look(ViewerRequest request, SignIn said) {
    if (said.equals(SignIn.NONE)) {
      return null;
    }
    String logo = said.logo() == null ? null : OwnOrigin.of(request) + said.logo();
    return new SignInLook(said.title(), said.accent(), logo);
  }

  private static String callback(ViewerRequest request) {
    return OwnOrigin.of(request) + SiteAccounts.CALLBACK;
  }

  private static long now() {
    return System.currentTimeMillis() / 1_000;
  }

  /** Takes a browser back from auth-service. */
  void complete(ViewerExchange exchange, String site) {
    ViewerRequest request = exchange.request();
    Parameters back = Parameters.of(request.query());
    SignInAttempt attempt = attempt(request, back.get("state"));
    if (attempt == null) {
      AccountReplies.notCompleted(exchange, AccountText.NO_COOKIE, ReturnPath.ROOT, List.of());
      return;
    }
    // It serves once, whatever comes of it.
    List<String> lines = List.of(SignInCookies.gone(attempt.cookie()));
    String code = back.get("code");
    String error = back.get("error");
    boolean asked = attempt.issuer().isEmpty() || attempt.issuer().equals(back.get("iss"));
    if (error != null || code == null || code.isEmpty() || !asked) {
      refused(exchange, error, attempt.returnPath(), lines);
      return;
    }
    tasks.run(
        exchange,
        () -> redeem(request, site, code, attempt),
        redeemed -> finish(exchange, redeemed, attempt.returnPath(), lines),
        () -> AccountReplies.unavailable(exchange, attempt.returnPath(), lines));
  }

  /** The attempt of this browser that has come back; null when it has none of this state. */
  private static @Nullable SignInAttempt attempt(ViewerRequest request, @Nullable String state) {
    String kept =
        state == null
            ? null
            : PorticoCookies.all(request.headers()).get(SignInAttempt.cookieOf(state));
    SignInAttempt attempt = kept == null ? null : SignInAttempt.of(kept);
    boolean good =
        attempt != null
            && state != null
            && attempt.isOf(state)
            && now() - attempt.begun() <= SignInAttempt.SECONDS;
    return good ? attempt : null;
  }

  private static void refused(
      ViewerExchange exchange, @Nullable String error, String returnPath, List<String> lines) {
    if ("temporarily_unavailable".equals(error) || "server_error".equals(error)) {
      AccountReplies.unavailable(exchange, returnPath, lines);
    } else {
      AccountText why = error == null ? AccountText.USED_UP : AccountText.CANCELLED;
      AccountReplies.notCompleted(exchange, why, returnPath, lines);
    }
  }

  private Redeemed redeem(ViewerRequest request, String site, String code, SignInAttempt attempt)
      throws IOException {
    Redeemed redeemed = sessions.redeem(site, callback(request), code, attempt.verifier(), request);
    if (redeemed instanceof Redeemed.Opened opened && !attempt.asked(opened.nonce())) {
      LOG.warn("a session at {} was opened for another sign-in than the one that came back", site);
      sessions.end(opened.value(), site, false, request);
      return new Redeemed.Refused();
    }
    return redeemed;
  }

  private static void finish(
      ViewerExchange exchange, Redeemed redeemed, String returnPath, List<String> lines) {
    switch (redeemed) {
      case Redeemed.Opened opened ->
          AccountReplies.redirect(
              exchange,
              303,
              returnPath,
              AccountReplies.with(
                  lines,
                  SignInCookies.session(opened.value(), opened.maxAgeSeconds()),
                  SignInCookies.justNow()));
      case Redeemed.Refused ignored ->
          AccountReplies.notCompleted(exchange, AccountText.USED_UP, returnPath, lines);
    }
  }
}
