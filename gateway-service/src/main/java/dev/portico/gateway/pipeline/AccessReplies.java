package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.PageRequest;
import dev.portico.gateway.access.page.AccessPage;
import dev.portico.gateway.access.page.AccountText;
import dev.portico.gateway.access.page.Language;
import dev.portico.gateway.access.page.RefusalText;
import dev.portico.gateway.access.rule.AccessDecision;
import dev.portico.gateway.access.rule.AccessDecision.Reason;
import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.signin.ReturnPath;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.policy.PrivateRules;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.site.SiteResolution;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers those whom an access policy does not let in: people by a page that says why and what they
 * can do, programs by a problem document. A site's own pages for errors take no part in it.
 */
@Singleton
final class AccessReplies {
  private static final String CHALLENGE = "WWW-Authenticate";

  /** The challenge of a 401 (RFC 6750, section 3). */
  static final String BEARER = "Bearer realm=\"portico\"";

  private static final Logger LOG = LoggerFactory.getLogger(AccessReplies.class);

  private final SiteAccounts accounts;
  private final ViewerProtocols protocols;

  AccessReplies(SiteAccounts accounts, ViewerProtocols protocols) {
    this.accounts = accounts;
    this.protocols = protocols;
  }

  /** Answers a request that has not been admitted. */
  void refuse(
      ViewerExchange exchange,
      SiteResolution.Routable site,
      AccessPolicy policy,
      AccessDecision decision) {
    forRefused(exchange);
    switch (decision) {
      case AccessDecision.SignInRequired required -> signIn(exchange, site, policy);
      case AccessDecision.InvalidToken token -> invalid(exchange, token.description());
      case AccessDecision.PasswordRequired required ->
          password(exchange, policy.id(), EdgeError.PASSWORD_REQUIRED, null, returnPath(exchange));
      case AccessDecision.Refused refused -> forbidden(exchange, refused);
      case AccessDecision.Undecided undecided -> undecided(exchange, undecided);
      default -> throw new IllegalStateException("no refusal: " + decision);
    }
  }

  /**
   * What the site wants of responses is about what is behind; here it could have the answer kept,
   * or take away its cookie.
   */
  private static void forRefused(ViewerExchange exchange) {
    if (exchange.rules() instanceof PrivateRules rules) {
      exchange.rules(rules.forRefused());
    }
  }

  private void signIn(ViewerExchange exchange, SiteResolution.Routable site, AccessPolicy policy) {
    ViewerRequest request = exchange.request();
    boolean reads = request.method().equals("GET") || request.head();
    boolean session = policy.accounts() != null && policy.accounts().session();
    boolean page = reads && request.upgrade() == null && PageRequest.is(request);
    if (session && page && exchange.explanation() == null) {
      accounts.signIn(exchange, site, false);
    } else if (!session && page) {
      String why = RefusalText.TOKEN_NEEDED.in(AccountReplies.language(exchange));
      page(exchange, EdgeError.SIGN_IN_REQUIRED, RefusalText.FOR_PROGRAMS, List.of(why), List.of());
    } else {
      program(exchange, EdgeError.SIGN_IN_REQUIRED, BEARER);
    }
  }

  private static void invalid(ViewerExchange exchange, String description) {
    program(
        exchange,
        EdgeError.INVALID_TOKEN,
        BEARER
            + ", error=\"invalid_token\", error_description=\""
            + description.replaceAll("[^ !#-\\[\\]-~]", "")
            + '"');
  }

  private static void program(ViewerExchange exchange, EdgeError error, String challenge) {
    ErrorReplies.reply(
        exchange, error, !PageRequest.is(exchange.request()), new String[] {CHALLENGE, challenge});
  }

  private static void forbidden(ViewerExchange exchange, AccessDecision.Refused refused) {
    if (!PageRequest.is(exchange.request())) {
      String[] more =
          refused.reason() == Reason.SCOPES
              ? new String[] {CHALLENGE, BEARER + ", error=\"insufficient_scope\""}
              : new String[0];
      ErrorReplies.reply(exchange, EdgeError.ACCESS_DENIED, true, more);
      return;
    }
    Language language = AccountReplies.language(exchange);
    Identity identity = refused.identity();
    List<String> paragraphs = new ArrayList<>();
    List<AccessPage.Action> actions = new ArrayList<>();
    paragraphs.add(reason(refused.reason()).in(language));
    if (identity != null) {
      String who = identity.email() == null ? identity.username() : identity.email();
      paragraphs.add(RefusalText.SIGNED_IN_AS.in(language) + ' ' + who + '.');
    }
    if (identity != null && identity.credential() == Identity.Credential.SESSION) {
      String back = "return=" + AccountReplies.parameter(returnPath(exchange));
      actions.add(
          new AccessPage.Action.Link(
              RefusalText.OTHER_ACCOUNT.in(language),
              SiteAccounts.SIGN_IN + "?prompt=login&" + back));
      actions.add(
          new AccessPage.Action.Button(
              AccountText.SIGN_OUT.in(language), SiteAccounts.SIGN_OUT + "?return=/"));
    }
    page(exchange, EdgeError.ACCESS_DENIED, RefusalText.NOT_FOR_YOU, paragraphs, actions);
  }

  private static RefusalText reason(Reason reason) {
    return switch (reason) {
      case ADDRESS -> RefusalText.ADDRESS;
      case SIGNATURE -> RefusalText.SIGNATURE;
      case GROUPS -> RefusalText.GROUPS;
      case MEMBER -> RefusalText.MEMBER;
      case CLAIMS, SCOPES -> RefusalText.CLAIMS;
      case AUTHORIZER -> RefusalText.AUTHORIZER;
    };
  }

  private static void undecided(ViewerExchange exchange, AccessDecision.Undecided undecided) {
    LOG.warn("Request {} was not let in: {}", exchange.request().requestId(), undecided.why());
    if (PageRequest.is(exchange.request())) {
      String later = AccountText.LATER.in(AccountReplies.language(exchange));
      page(exchange, undecided.error(), RefusalText.UNDECIDED, List.of(later), List.of());
    } else {
      ErrorReplies.reply(exchange, undecided.error(), true);
    }
  }

  /** Some other page has made a request that a browser's cookies would let in. */
  void crossOrigin(ViewerExchange exchange) {
    forRefused(exchange);
    ErrorReplies.reply(exchange, EdgeError.CROSS_ORIGIN, !PageRequest.is(exchange.request()));
  }

  /**
   * Asks for a password.
   *
   * @param policy the id of the access policy that has it
   * @param error what the answer is
   * @param wrong what was wrong with the last try; null for none
   */
  void password(
      ViewerExchange exchange,
      String policy,
      EdgeError error,
      @Nullable RefusalText wrong,
      String returnPath) {
    ViewerRequest request = exchange.request();
    if (!PageRequest.is(request)) {
      ErrorReplies.reply(exchange, error, true);
      return;
    }
    // A browser keeps what comes of it only over HTTPS.
    if (!request.secure() && !SecurityHeaders.local(request.host())) {
      if (protocols.reachedOverHttps()) {
        String address = protocols.overHttps(request.host()) + returnPath;
        AccountReplies.redirect(exchange, 302, address, List.of());
      } else {
        ErrorReplies.reply(exchange, EdgeError.HTTPS_REQUIRED, false);
      }
      return;
    }
    Language language = AccountReplies.language(exchange);
    String address =
        SitePasswords.PATH
            + "?policy="
            + AccountReplies.parameter(policy)
            + "&return="
            + AccountReplies.parameter(returnPath);
    AccessPage.Action form =
        new AccessPage.Action.Secret(
            RefusalText.PASSWORD_LABEL.in(language),
            RefusalText.PASSWORD_SEND.in(language),
            address);
    List<String> paragraphs = wrong == null ? List.of() : List.of(wrong.in(language));
    page(exchange, error, RefusalText.PASSWORD, paragraphs, List.of(form));
  }

  private static void page(
      ViewerExchange exchange,
      EdgeError error,
      RefusalText title,
      List<String> paragraphs,
      List<AccessPage.Action> actions) {
    Language language = AccountReplies.language(exchange);
    AccessPage page =
        new AccessPage(
            language, title.in(language), paragraphs, actions, exchange.request().requestId());
    AccountReplies.page(exchange, error.status(), error, page, List.of());
  }

  private static String returnPath(ViewerExchange exchange) {
    return ReturnPath.of(exchange.request().rawTarget());
  }
}
