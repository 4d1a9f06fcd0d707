package dev.portico.auth.pages;

import dev.portico.auth.authorization.AuthorizationRequest;
import dev.portico.auth.authorization.AuthorizationRequests;
import dev.portico.auth.authorization.PushedRequest;
import dev.portico.auth.mfa.MfaSettings;
import io.micronaut.http.HttpRequest;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Knows of each request in whose language, in which look and towards where its page is made. */
@Singleton
final class Visits {
  private static final String REQUEST = "request_uri";
  private static final String NEXT = "next";

  /** The pages that sign-in can lead to, besides the account itself. */
  private static final Set<String> NEXT_PAGES =
      Set.of("password", "email", "authenticator", "delete");

  private final AuthorizationRequests authorizations;
  private final FormGuard guard;
  private final MfaSettings names;

  Visits(AuthorizationRequests authorizations, FormGuard guard, MfaSettings names) {
    this.authorizations = authorizations;
    this.guard = guard;
    this.names = names;
  }

  /** The visit that a request belongs to. */
  Visit of(HttpRequest<?> request) {
    Optional<AuthorizationRequest> site = site(request);
    return new Visit(
        Messages.accepted(request.getHeaders().get("Accept-Language")),
        site.map(this::brand).orElseGet(this::ownBrand),
        carried(request),
        site.map(Visits::home).orElse(""),
        guard.token(request));
  }

  /** Where a browser goes that has signed in. */
  String afterSignIn(HttpRequest<?> request) {
    return afterSignIn(requestUri(request), nextPage(request));
  }

  /**
   * The same of what was kept while the browser was elsewhere.
   *
   * @param requestUri the site's request, if one sent the browser
   * @param next the page of the account that was asked for, if one was
   */
  String afterSignIn(@Nullable String requestUri, @Nullable String next) {
    Optional<AuthorizationRequest> site =
        Optional.ofNullable(requestUri).flatMap(authorizations::openAnyAge);
    if (requestUri != null && site.isPresent()) {
      String carried = query(REQUEST, requestUri);
      return authorizations.isLive(site.get())
          ? "/authorize" + carried + "&client_id=" + site.get().pushed().site()
          : "/signed-in" + carried;
    }
    return next == null ? "/account" : "/account/" + next;
  }

  /** The site's request that a browser comes with; null if it comes with none. */
  @Nullable String requestUri(HttpRequest<?> request) {
    return site(request).isPresent() ? request.getParameters().get(REQUEST) : null;
  }

  /** The page of the account that sign-in leads to; null if it is none of those that it can. */
  @Nullable String nextPage(HttpRequest<?> request) {
    return next(request).orElse(null);
  }

  /** Whether the site wants the account to be proven anew. */
  boolean asksAgain(HttpRequest<?> request) {
    return site(request).filter(site -> site.pushed().prompt() != null).isPresent();
  }

  /** The query that goes from page to page. */
  String carried(HttpRequest<?> request) {
    if (site(request).isPresent()) {
      return query(REQUEST, request.getParameters().get(REQUEST));
    }
    return next(request).map(page -> query(NEXT, page)).orElse("");
  }

  /** The query by which sign-in leads back to the page that was asked for. */
  String backHere(HttpRequest<?> request) {
    String[] parts = request.getPath().split("/", -1);
    return parts.length > 2 && parts[1].equals("account") && NEXT_PAGES.contains(parts[2])
        ? query(NEXT, parts[2])
        : carried(request);
  }

  /** The site that has sent the browser, even if that was too long ago to go on. */
  private Optional<AuthorizationRequest> site(HttpRequest<?> request) {
    return Optional.ofNullable(request.getParameters().get(REQUEST))
        .flatMap(authorizations::openAnyAge);
  }

  private static Optional<String> next(HttpRequest<?> request) {
    return Optional.ofNullable(request.getParameters().get(NEXT)).filter(NEXT_PAGES::contains);
  }

  private Brand brand(AuthorizationRequest request) {
    PushedRequest pushed = request.pushed();
    PushedRequest.Look look = pushed.signIn();
    return look == null
        ? Brand.of(null, pushed.site(), null, null)
        : Brand.of(look.title(), pushed.site(), look.accent(), look.logo());
  }

  private Brand ownBrand() {
    return Brand.of(null, names.totpIssuer(), null, null);
  }

  /** The origin of the site's host. */
  private static String home(AuthorizationRequest request) {
    URI back = URI.create(request.pushed().redirectUri());
    return back.getScheme() + "://" + back.getRawAuthority();
  }

  private static String query(String name, String value) {
    return '?' + name + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
