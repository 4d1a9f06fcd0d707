package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.PageClient;
import dev.portico.auth.fixture.Pool;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.cognitoidentityprovider.model.CreateUserPoolClientRequest;
import software.amazon.awssdk.services.cognitoidentityprovider.model.OAuthFlowType;

/** What copies have in common whose people sign in at the pool's own login page. */
final class HostedService {
  static final String AUTH_HOST = "http://auth.localhost:8080";
  static final String CALLBACK = AUTH_HOST + "/sign-in/callback";
  static final String DOMAIN = Pool.standIn().domain().toString();
  private static final Pattern REFRESH =
      Pattern.compile("<meta http-equiv=\"refresh\" content=\"0; url=([^\"]+)\">");

  private HostedService() {}

  /** A copy for an app client of its own. */
  static RunningService start(
      Pool pool,
      Consumer<CreateUserPoolClientRequest.Builder> client,
      Consumer<Map<String, Object>> change) {
    return RunningService.start(
        pool,
        made -> {
          made.supportedIdentityProviders("COGNITO")
              .allowedOAuthFlowsUserPoolClient(true)
              .allowedOAuthFlows(OAuthFlowType.CODE)
              .allowedOAuthScopes("openid", "email", "profile", "aws.cognito.signin.user.admin")
              .callbackURLs(CALLBACK)
              .logoutURLs(AUTH_HOST + "/signed-out");
          client.accept(made);
        },
        settings -> {
          settings.put("portico.hosted-login.domain", DOMAIN);
          settings.put("portico.hosted-login.client-id", settings.get("portico.cognito.client-id"));
          if (settings.get("portico.cognito.client-secret") != null) {
            settings.put(
                "portico.hosted-login.client-secret",
                settings.get("portico.cognito.client-secret"));
          }
          change.accept(settings);
        });
  }

  /** A copy whose people all sign in at the one provider of the pool. */
  static RunningService startForProvider(Pool pool) {
    return start(
        pool,
        client -> client.supportedIdentityProviders(Pool.PROVIDER),
        settings -> settings.put("portico.hosted-login.identity-provider", Pool.PROVIDER));
  }

  /** Where the page leads to that signing in begins with. */
  static String begin(PageClient browser, String path) {
    Answer answer = browser.get(path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(303);
    assertThat(answer.header("Location")).startsWith(DOMAIN + "/oauth2/authorize?");
    return answer.header("Location");
  }

  /** Opens an address of the auth host, wherever the service listens. */
  static Answer open(PageClient browser, String address) {
    assertThat(address).startsWith(AUTH_HOST + '/');
    return browser.get(address.substring(AUTH_HOST.length()));
  }

  /** Where an answer to a form goes on to by itself, and by a link for whom it does not. */
  static String goesOn(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(answer.header("Content-Security-Policy")).contains("form-action 'self';");
    var refresh = REFRESH.matcher(answer.text());
    assertThat(refresh.find()).as(answer.text()).isTrue();
    assertThat(answer.text()).contains("href=\"" + refresh.group(1) + '"');
    return refresh.group(1).replace("&amp;", "&");
  }
}
