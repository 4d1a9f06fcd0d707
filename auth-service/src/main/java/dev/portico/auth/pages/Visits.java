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
    Optional<AuthorizationRequest> site = site(request);
    if (site.isPresent()) {
      return authorizations.isLive(site.get())
          ? "/authorize" + carried(request) + "&client_id=" + site.get().pushed().site()
          : "/signed-in" + carried(request);
    }
    return next(request).map(page -> "/account/" + page).orElse("/account");
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
