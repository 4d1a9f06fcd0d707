package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.page.AccessPage;
import dev.portico.gateway.access.page.AccountText;
import dev.portico.gateway.access.page.Language;
import dev.portico.gateway.access.signin.ReturnPath;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.Escapes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@link SiteAccounts} answers; nothing of it may be stored by anybody. */
final class AccountReplies {
  private static final String SET_COOKIE = "Set-Cookie";
  private static final String RETRY_AFTER_SECONDS = "2";

  private AccountReplies() {}

  /** Sends the browser elsewhere. */
  static void redirect(ViewerExchange exchange, int status, String location, List<String> cookies) {
    ResponseHead.Builder head = head(status).add("Location", location);
    cookies.forEach(cookie -> head.add(SET_COOKIE, cookie));
    send(exchange, head, Unpooled.EMPTY_BUFFER);
  }

  /** Says that it is done. */
  static void done(ViewerExchange exchange, List<String> cookies) {
    ResponseHead.Builder head = head(204);
    cookies.forEach(cookie -> head.add(SET_COOKIE, cookie));
    send(exchange, head, Unpooled.EMPTY_BUFFER);
  }

  /** Answers a program's question. */
  static void json(ViewerExchange exchange, byte[] json) {
    ResponseHead.Builder head =
        head(200)
            .add("Content-Type", "application/json")
            .add("Cross-Origin-Resource-Policy", "same-origin");
    send(exchange, head, Unpooled.wrappedBuffer(json));
  }

  /** Asks whether to sign out. */
  static void askSignOut(ViewerExchange exchange, String returnPath) {
    Language language = language(exchange);
    String back = "return=" + parameter(returnPath);
    List<AccessPage.Action> actions =
        List.of(
            new AccessPage.Action.Button(
                AccountText.SIGN_OUT.in(language), SiteAccounts.SIGN_OUT + '?' + back),
            new AccessPage.Action.Button(
                AccountText.SIGN_OUT_EVERYWHERE.in(language),
                SiteAccounts.SIGN_OUT + "?everywhere=true&" + back),
            new AccessPage.Action.Link(AccountText.STAY.in(language), returnPath));
    page(
        exchange,
        200,
        null,
        new AccessPage(
            language,
            AccountText.SIGN_OUT.in(language),
            List.of(AccountText.SIGN_OUT_HERE.in(language)),
            actions,
            exchange.request().requestId()),
        List.of());
  }

  /**
   * Says that a sign-in has come to nothing, and how to try again: never by itself, since that
   * could go on for ever.
   */
  static void notCompleted(
      ViewerExchange exchange, AccountText why, String returnPath, List<String> cookies) {
    Language language = language(exchange);
    String again = SiteAccounts.SIGN_IN + "?prompt=login&return=" + parameter(returnPath);
    failure(
        exchange,
        EdgeError.SIGN_IN_FAILED,
        AccountText.NOT_COMPLETED.in(language),
        why.in(language),
        List.of(
            new AccessPage.Action.Link(AccountText.AGAIN.in(language), again),
            new AccessPage.Action.Link(AccountText.HOME.in(language), ReturnPath.ROOT)),
        cookies);
  }

  /** Says that nobody can sign in now. */
  static void unavailable(ViewerExchange exchange, String returnPath, List<String> cookies) {
    Language language = language(exchange);
    String again = SiteAccounts.SIGN_IN + "?return=" + parameter(returnPath);
    failure(
        exchange,
        EdgeError.UNAVAILABLE,
        AccountText.UNAVAILABLE.in(language),
        AccountText.LATER.in(language),
        List.of(new AccessPage.Action.Link(AccountText.AGAIN.in(language), again)),
        cookies);
  }

  /** Says that a sign-out did not come through. */
  static void stillSignedIn(ViewerExchange exchange, String returnPath) {
    Language language = language(exchange);
    failure(
        exchange,
        EdgeError.UNAVAILABLE,
        AccountText.STILL_SIGNED_IN.in(language),
        AccountText.LATER.in(language),
        List.of(
            new AccessPage.Action.Link(
                AccountText.SIGN_OUT.in(language),
                SiteAccounts.SIGN_OUT + "?return=" + parameter(returnPath))),
        List.of());
  }

  private static void failure(
      ViewerExchange exchange,
      EdgeError error,
      String title,
      String why,
      List<AccessPage.Action> actions,
      List<String> cookies) {
    AccessPage page =
        new AccessPage(
            language(exchange), title, List.of(why), actions, exchange.request().requestId());
    page(exchange, error.status(), error, page, cookies);
  }

  /**
   * Sends a page.
   *
   * @param error what the log calls it; null when nothing is wrong
   */
  static void page(
      ViewerExchange exchange,
      int status,
      @Nullable EdgeError error,
      AccessPage page,
      List<String> cookies) {
    ResponseHead.Builder head =
        head(status)
            .add("Content-Type", "text/html; charset=utf-8")
            .add("Content-Language", page.language().tag())
            .add("Vary", "Accept-Language")
            .add("Content-Security-Policy", AccessPage.POLICY)
            .add("X-Frame-Options", "DENY");
    cookies.forEach(cookie -> head.add(SET_COOKIE, cookie));
    if (error != null) {
      exchange.timeline().error(error.category());
      if (error == EdgeError.SIGN_IN_REQUIRED) {
        head.add("WWW-Authenticate", AccessReplies.BEARER);
      }
      if (error.passes()) {
        head.add("Retry-After", RETRY_AFTER_SECONDS);
      }
    }
    ByteBuf body = Unpooled.copiedBuffer(page.render(), StandardCharsets.UTF_8);
    send(exchange, head, body, error == null ? Outcome.LOCAL : Outcome.ERROR);
  }

  private static ResponseHead.Builder head(int status) {
    return ResponseHead.of(status).add("Cache-Control", "no-store");
  }

  private static void send(ViewerExchange exchange, ResponseHead.Builder head, ByteBuf body) {
    send(exchange, head, body, Outcome.LOCAL);
  }

  private static void send(
      ViewerExchange exchange, ResponseHead.Builder head, ByteBuf body, Outcome outcome) {
    exchange.timeline().outcome(outcome);
    // The address may hold what is nobody else's business; with none at all a form would have no
    // Origin either (Fetch, section 3.1).
    head.add("Referrer-Policy", "same-origin");
    Explained.ofGateway(exchange, head);
    SecurityHeaders.addTo(head, exchange);
    ResponseHead made = head.build();
    exchange.respond(made.with(CacheFields.generated(made.status(), "access")), body);
  }

  static Language language(ViewerExchange exchange) {
    return Language.of(exchange.request().headers().joined("accept-language"));
  }

  static String parameter(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 16);
    Escapes.encode(escaped, value, Escapes.PARAMETER);
    return escaped.toString();
  }

  /** The lines, with more behind them. */
  static List<String> with(List<String> cookies, String... more) {
    List<String> all = new ArrayList<>(cookies);
    all.addAll(List.of(more));
    return all;
  }
}
