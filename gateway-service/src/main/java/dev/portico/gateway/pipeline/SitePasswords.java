package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.OwnOrigin;
import dev.portico.gateway.access.PageRequest;
import dev.portico.gateway.access.page.RefusalText;
import dev.portico.gateway.access.password.PasswordChecks;
import dev.portico.gateway.access.password.PasswordPass;
import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.rule.AccessRules;
import dev.portico.gateway.access.signin.Parameters;
import dev.portico.gateway.access.signin.ReturnPath;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.site.SiteResolution;
import dev.portico.gateway.site.SiteSettings;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes passwords that viewers enter, at a path that every site has for that. */
@Singleton
final class SitePasswords {
  /** The path. */
  static final String PATH = "/.portico/password";

  /** Bytes of a form. */
  private static final int MOST = 4_096;

  private final PasswordChecks checks;
  private final AccessReplies replies;
  private final Clock clock = Clock.systemUTC();

  SitePasswords(PasswordChecks checks, AccessReplies replies) {
    this.checks = checks;
    this.replies = replies;
  }

  /** Answers when the path is that of passwords; false else. */
  boolean answers(ViewerExchange exchange, SiteResolution.Routable site) {
    ViewerRequest request = exchange.request();
    if (!request.path().equals(PATH) || request.encodedSlash()) {
      return false;
    }
    exchange.timeline().site(site.site());
    Parameters query = Parameters.of(request.query());
    String id = query.get("policy");
    AccessPolicy policy = id == null ? null : policy(site, id);
    AccessPolicy.Password password = policy == null ? null : policy.password();
    if (id == null
        || policy == null
        || password == null
        || !AccessRules.asksMore(policy, request.clientAddress())) {
      ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, false);
    } else if (!request.method().equals("POST")) {
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, false, "POST");
    } else if (!OwnOrigin.made(request)) {
      ErrorReplies.reply(exchange, EdgeError.CROSS_ORIGIN, !PageRequest.is(request));
    } else if (exchange.bodyLength() > MOST) {
      ErrorReplies.reply(exchange, EdgeError.CONTENT_TOO_LARGE, false);
    } else {
      Entry entry = new Entry(site.site(), id, password, ReturnPath.of(query.get("return")));
      SmallBody.read(exchange, body -> check(exchange, entry, body));
    }
    return true;
  }

  private static @Nullable AccessPolicy policy(SiteResolution.Routable site, String id) {
    AccessPolicy own = site.settings().access().policies().get(id);
    SiteSettings live = site.besides();
    boolean asksForOne = own != null && own.password() != null;
    return asksForOne || live == null ? own : live.access().policies().get(id);
  }

  /** What somebody wants to get past. */
  private record Entry(
      String site, String policy, AccessPolicy.Password password, String returnPath) {}

  private void check(ViewerExchange exchange, Entry entry, byte[] body) {
    String form = new String(body, StandardCharsets.UTF_8);
    String entered = Parameters.of(form).get("password");
    if (entered == null || body.length > MOST) {
      ErrorReplies.reply(exchange, EdgeError.MALFORMED_REQUEST, false);
      return;
    }
    StoreWait wait = new StoreWait(exchange);
    exchange.listen(wait);
    InetAddress address = InetAddress.ofLiteral(exchange.request().clientAddress());
    checks
        .check(entry.password().hash(), entered, address)
        .whenCompleteAsync(
            (outcome, failure) -> wait.over(() -> checked(exchange, entry, outcome)),
            exchange.loop());
  }

  private void checked(ViewerExchange exchange, Entry entry, PasswordChecks.Outcome outcome) {
    switch (outcome) {
      case RIGHT -> {
        String cookie =
            PasswordPass.cookie(
                entry.site(),
                entry.policy(),
                entry.password().hash(),
                clock.instant(),
                entry.password().remembered().toSeconds());
        AccountReplies.redirect(exchange, 303, entry.returnPath(), List.of(cookie));
      }
      case WRONG -> again(exchange, entry, EdgeError.PASSWORD_REQUIRED, RefusalText.PASSWORD_WRONG);
      case TOO_MANY ->
          again(exchange, entry, EdgeError.TOO_MANY_TRIES, RefusalText.PASSWORD_TOO_MANY);
      case BUSY -> ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, false);
    }
  }

  private void again(ViewerExchange exchange, Entry entry, EdgeError error, RefusalText wrong) {
    replies.password(exchange, entry.policy(), error, wrong, entry.returnPath());
  }
}
