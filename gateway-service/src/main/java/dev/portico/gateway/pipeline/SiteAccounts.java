package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.OwnOrigin;
import dev.portico.gateway.access.PageRequest;
import dev.portico.gateway.access.PorticoCookies;
import dev.portico.gateway.access.session.Sessions;
import dev.portico.gateway.access.signin.Parameters;
import dev.portico.gateway.access.signin.ReturnPath;
import dev.portico.gateway.access.signin.SignInCookies;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Signing in and out at a site, and who is signed in: at paths that every site has for that,
 * whatever its behaviours and files say.
 */
@Singleton
final class SiteAccounts {
  /** What all paths of this kind begin with. */
  static final String PREFIX = "/.portico/auth/";

  /** Begins a sign-in. */
  static final String SIGN_IN = PREFIX + "sign-in";

  /** Where browsers come back to from auth-service. */
  static final String CALLBACK = PREFIX + "callback";

  /** Ends a sign-in. */
  static final String SIGN_OUT = PREFIX + "sign-out";

  private static final String ME = PREFIX + "me";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String READ = "GET, HEAD";
  private static final String RETURN = "return";

  private final Sessions sessions;
  private final SignIns signIns;
  private final WhoAmI whoAmI;
  private final AuthTasks tasks;

  SiteAccounts(Sessions sessions, SignIns signIns, WhoAmI whoAmI, AuthTasks tasks) {
    this.sessions = sessions;
    this.signIns = signIns;
    this.whoAmI = whoAmI;
    this.tasks = tasks;
  }

  /** Answers when the path is one of these; false else. */
  boolean answers(ViewerExchange exchange, SiteResolution.Routable site) {
    ViewerRequest request = exchange.request();
    String path = request.path();
    if (!path.startsWith(PREFIX) || request.encodedSlash()) {
      return false;
    }
    exchange.timeline().site(site.site());
    if (exchange.explanation() != null) {
      // Who wants to know why does not want to be signed in or out by that.
      AccountReplies.done(exchange, List.of());
      return true;
    }
    switch (path) {
      case ME -> read(exchange, () -> whoAmI.answer(exchange, site.site()));
      case SIGN_IN -> read(exchange, () -> signIn(exchange, site));
      case CALLBACK -> callback(exchange, site.site());
      case SIGN_OUT -> signOut(exchange, site.site());
      default -> ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, false);
    }
    return true;
  }

  /**
   * Leads a browser through a sign-in and back to what it asked for.
   *
   * @param again whether it is to be asked who it is even if that is known
   */
  void signIn(ViewerExchange exchange, SiteResolution.Routable site, boolean again) {
    exchange.timeline().site(site.site());
    signIns.begin(exchange, site, ReturnPath.of(exchange.request().rawTarget()), again);
  }

  private static void read(ViewerExchange exchange, Runnable answer) {
    String method = exchange.request().method();
    if (method.equals("GET") || method.equals("HEAD")) {
      answer.run();
    } else {
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, true, READ);
    }
  }

  private void signIn(ViewerExchange exchange, SiteResolution.Routable site) {
    Parameters asked = Parameters.of(exchange.request().query());
    boolean again = "login".equals(asked.get("prompt"));
    String back = ReturnPath.of(asked.get(RETURN));
    if (again
        || !PorticoCookies.all(exchange.request().headers()).containsKey(SignInCookies.JUST_NOW)) {
      signIns.begin(exchange, site, back, again);
      return;
    }
    // Once more at once, by the button for going back or a second click: no sign-in that failed.
    whoAmI.find(
        exchange,
        site.site(),
        who -> {
          switch (who) {
            case Identification.Known ignored ->
                AccountReplies.redirect(exchange, 302, back, List.of());
            case Identification.Unavailable ignored ->
                AccountReplies.unavailable(exchange, back, List.of());
            case Identification.Nobody ignored -> signIns.begin(exchange, site, back, false);
            case Identification.InvalidToken ignored -> signIns.begin(exchange, site, back, false);
          }
        });
  }

  /** A code can be redeemed once: by the one who gets the answer, and not by looking. */
  private void callback(ViewerExchange exchange, String site) {
    if (exchange.request().method().equals("GET")) {
      signIns.complete(exchange, site);
    } else {
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, true, "GET");
    }
  }

  private void signOut(ViewerExchange exchange, String site) {
    ViewerRequest request = exchange.request();
    String back = ReturnPath.of(Parameters.of(request.query()).get(RETURN));
    switch (request.method()) {
      case "GET", "HEAD" -> AccountReplies.askSignOut(exchange, back);
      case "POST" -> {
        if (OwnOrigin.made(request)) {
          readForm(exchange, site);
        } else {
          ErrorReplies.reply(exchange, EdgeError.CROSS_ORIGIN, !PageRequest.is(request));
        }
      }
      default -> ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, true, READ + ", POST");
    }
  }

  private void readForm(ViewerExchange exchange, String site) {
    ViewerRequest request = exchange.request();
    String type = request.headers().first("content-type");
    String query = request.query();
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      signOut(exchange, site, Parameters.of(query));
      return;
    }
    SmallBody.read(
        exchange,
        body -> {
          String form = new String(body, StandardCharsets.UTF_8);
          signOut(exchange, site, Parameters.of(query == null ? form : form + '&' + query));
        });
  }

  private void signOut(ViewerExchange exchange, String site, Parameters asked) {
    ViewerRequest request = exchange.request();
    String back = ReturnPath.of(asked.get(RETURN));
    boolean everywhere = "true".equals(asked.get("everywhere"));
    @Nullable String session = PorticoCookies.session(request.headers());
    if (session == null) {
      signedOut(exchange, back);
      return;
    }
    tasks.run(
        exchange,
        () -> {
          sessions.end(session, site, everywhere, request);
          return site;
        },
        ended -> signedOut(exchange, back),
        () -> {
          if (PageRequest.is(request)) {
            AccountReplies.stillSignedIn(exchange, back);
          } else {
            ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, true);
          }
        });
  }

  private static void signedOut(ViewerExchange exchange, String back) {
    List<String> cookies =
        List.of(
            SignInCookies.gone(PorticoCookies.SESSION), SignInCookies.gone(SignInCookies.JUST_NOW));
    if (PageRequest.is(exchange.request())) {
      AccountReplies.redirect(exchange, 303, back, cookies);
    } else {
      AccountReplies.done(exchange, cookies);
    }
  }
}
