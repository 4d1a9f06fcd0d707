package dev.portico.standins.cognito.hosted;

import dev.portico.standins.cognito.pool.PoolClient;
import dev.portico.standins.cognito.pool.Pools;
import dev.portico.standins.cognito.pool.UserPool;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.signin.HostedSignIn;
import dev.portico.standins.cognito.signin.HostedSignIn.Outcome;
import dev.portico.standins.cognito.store.RandomText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What browsers come to: {@code /oauth2/authorize}, {@code /login}, {@code /oauth2/idpresponse},
 * {@code /logout}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-endpoints.html">Managed
 *     login endpoints reference</a>
 */
final class LoginEndpoints {
  private static final String CSRF = "XSRF-TOKEN";

  private final Pools pools;
  private final HostedSignIn signIn;
  private final FederatedLogin federated;
  private final LoginCookies logins;
  private final OneTime<Granted> codes;

  LoginEndpoints(
      Pools pools,
      HostedSignIn signIn,
      FederatedLogin federated,
      LoginCookies logins,
      OneTime<Granted> codes) {
    this.pools = pools;
    this.signIn = signIn;
    this.federated = federated;
    this.logins = logins;
    this.codes = codes;
  }

  HostedAnswer authorize(HostedRequest request) {
    var asked = AuthorizationRequest.of(pools, Parameters.parse(request.query()));
    var login = loggedIn(asked, request);
    if (login != null) {
      return back(asked, login);
    }
    if ("none".equals(asked.prompt())) {
      throw asked.refused("login_required", "nobody is logged in");
    }
    return asked.provider() == null
        ? HostedAnswer.redirect("/login?" + request.query())
        : leave(asked, asked.provider(), request);
  }

  private HostedAnswer leave(AuthorizationRequest asked, String provider, HostedRequest request) {
    return federated.leave(asked, pool(asked).identityProvider(provider), request);
  }

  /** Goes on with a browser that a provider has sent back. */
  HostedAnswer arrived(HostedRequest request) {
    var arrival = federated.arrive(request);
    return loggedIn(arrival.asked(), arrival.sub());
  }

  HostedAnswer login(HostedRequest request) {
    var asked = AuthorizationRequest.of(pools, Parameters.parse(request.query()));
    var provider = asked.provider();
    boolean sent = request.method().equals("POST");
    if (sent && provider == null) {
      return submitted(asked, request);
    }
    var login = sent ? null : loggedIn(asked, request);
    if (login != null) {
      return back(asked, login);
    }
    return provider == null ? form(asked, request, 200, "", null) : leave(asked, provider, request);
  }

  private LoginCookies.@Nullable Login loggedIn(AuthorizationRequest asked, HostedRequest request) {
    var login = "login".equals(asked.prompt()) ? null : logins.find(pool(asked), request);
    var provider = asked.provider();
    return login == null || (provider != null && !provider.equals(login.provider())) ? null : login;
  }

  private UserPool pool(AuthorizationRequest asked) {
    return pools.get(asked.client().poolId());
  }

  private HostedAnswer back(AuthorizationRequest asked, LoginCookies.Login login) {
    var code = codes.issue(new Granted(asked, login.sub(), login.authTime()));
    return HostedAnswer.redirect(
        Parameters.appended(asked.redirectUri(), "code", code, "state", asked.state()));
  }

  private HostedAnswer submitted(AuthorizationRequest asked, HostedRequest request) {
    if (!offered(asked).contains(PoolClient.POOL_ITSELF)) {
      throw asked.refused("invalid_request", "the app client is not for users of the pool itself");
    }
    var form = Parameters.parse(request.form());
    var csrf = request.cookies().getOrDefault(CSRF, "");
    if (csrf.isEmpty() || !csrf.equals(form.get("_csrf"))) {
      throw OAuthException.of("invalid_request", "the form was not shown to this browser");
    }
    var name = form.required("username");
    var challenge = form.get("challenge");
    try {
      var outcome =
          challenge == null
              ? signIn.password(pool(asked), asked.client(), name, form.required("password"))
              : signIn.answer(
                  pool(asked),
                  asked.client(),
                  challenge,
                  form.required("session"),
                  name,
                  form.required("answer"));
      return switch (outcome) {
        case Outcome.Proved proved -> loggedIn(asked, proved.sub());
        case Outcome.Asked more -> challenge(request, csrf, name, more);
      };
    } catch (CognitoException e) {
      return form(asked, request, 400, name, e.text());
    }
  }

  private HostedAnswer loggedIn(AuthorizationRequest asked, String sub) {
    var cookie = LoginCookies.fresh();
    return back(asked, logins.open(pool(asked), sub, asked.provider(), cookie))
        .cookie(LoginCookies.name(pool(asked)), cookie, "; Max-Age=3600");
  }

  private List<String> offered(AuthorizationRequest asked) {
    return AuthorizationRequest.offered(pool(asked), asked.client());
  }

  private HostedAnswer form(
      AuthorizationRequest asked,
      HostedRequest request,
      int status,
      String name,
      @Nullable String fault) {
    var ways = new LinkedHashMap<String, String>();
    offered(asked).stream()
        .filter(provider -> !provider.equals(PoolClient.POOL_ITSELF))
        .forEach(provider -> ways.put(provider, way(request, provider)));
    var csrf = RandomText.base64(24);
    return HostedAnswer.html(
            status,
            offered(asked).contains(PoolClient.POOL_ITSELF)
                ? LoginPage.password(action(request), csrf, name, fault, ways)
                : LoginPage.choice(ways))
        .cookie(CSRF, csrf, "");
  }

  /** The same again, by a provider. */
  private static String way(HostedRequest request, String provider) {
    var all = new LinkedHashMap<>(Parameters.parse(request.query()).values());
    all.remove("idp_identifier");
    all.put("identity_provider", provider);
    return Parameters.appended(
        "/oauth2/authorize",
        all.entrySet().stream()
            .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
            .toArray(String[]::new));
  }

  private static HostedAnswer challenge(
      HostedRequest request, String csrf, String name, Outcome.Asked asked) {
    return HostedAnswer.html(200, LoginPage.challenge(action(request), csrf, name, asked, null));
  }

  private static String action(HostedRequest request) {
    return "/login?" + request.query();
  }

  /** Ends the browser's login, and sends it on as the app asks: out, or in again. */
  HostedAnswer logout(HostedRequest request) {
    var given = Parameters.parse(request.query());
    var client = AuthorizationRequest.client(pools, given);
    var out = given.get("logout_uri");
    String next;
    if (out == null) {
      AuthorizationRequest.of(pools, given);
      next = "/login?" + request.query();
    } else if (client.logoutUrls().contains(out)) {
      next = Parameters.appended(out, "state", given.get("state"));
    } else {
      throw OAuthException.of(
          "redirect_mismatch", out + " is not among the LogoutURLs of the app client");
    }
    var pool = pools.get(client.poolId());
    logins.close(pool, request);
    return HostedAnswer.redirect(next).cookie(LoginCookies.name(pool), "", "; Max-Age=0");
  }
}
