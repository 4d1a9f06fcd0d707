package dev.portico.auth.hosted;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portico.auth.error.Problem;
import dev.portico.auth.session.Tokens;
import io.micronaut.serde.ObjectMapper;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosted login's token endpoint, asked once for each code: a code that was brought is used up,
 * whatever became of the answer.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html">Token
 *     endpoint</a>
 */
@Singleton
class TokenEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(TokenEndpoint.class);
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;
  private static final int TOO_MANY = 429;

  /** Tokens of users in many groups are some ten kilobytes; three are in an answer. */
  private static final int MAX_BYTES = 131_072;

  private final HostedLoginSettings settings;
  private final ObjectMapper json;

  TokenEndpoint(HostedLoginSettings settings, ObjectMapper json) {
    this.settings = settings;
    this.json = json;
  }

  /** What it answers: tokens, or an error (RFC 6749 sections 5.1 and 5.2). */
  @Serdeable
  record Answer(
      @Nullable @JsonProperty("access_token") String accessToken,
      @Nullable @JsonProperty("id_token") String idToken,
      @Nullable @JsonProperty("refresh_token") String refreshToken,
      @Nullable @JsonProperty("expires_in") Integer expiresIn,
      @Nullable @JsonProperty("error") String error) {
    @Override
    public String toString() {
      return "Answer[error=" + error + ']';
    }
  }

  /**
   * The tokens for a code.
   *
   * @return empty if the code is not good, or not any more
   * @throws Problem 503 if it does not answer
   * @throws IllegalStateException if it says that this service is set up wrongly
   */
  Optional<Tokens> exchange(String code, String redirectUri, String verifier) {
    Answer answer;
    try {
      answer = ask(form(code, redirectUri, verifier));
    } catch (IOException e) {
      LOG.warn("The token endpoint does not answer: {}", e.toString());
      throw Problem.unavailable("The login page's token endpoint does not answer. Try again.");
    }
    if ("invalid_grant".equals(answer.error())) {
      return Optional.empty();
    }
    String access = answer.accessToken();
    String id = answer.idToken();
    String refresh = answer.refreshToken();
    Integer expiresIn = answer.expiresIn();
    if (access == null || id == null || refresh == null || expiresIn == null) {
      // A wrong secret, or an app client without the code flow.
      throw new IllegalStateException("The token endpoint refused a code: " + answer.error());
    }
    return Optional.of(new Tokens(access, id, refresh, expiresIn));
  }

  private String form(String code, String redirectUri, String verifier) {
    return "grant_type=authorization_code&client_id="
        + encoded(settings.client())
        + "&code="
        + encoded(code)
        + "&redirect_uri="
        + encoded(redirectUri)
        + "&code_verifier="
        + encoded(verifier);
  }

  private Answer ask(String form) throws IOException {
    URI address = URI.create(settings.requiredDomain() + "/oauth2/token");
    var connection = (HttpURLConnection) address.toURL().openConnection();
    int timeout = Math.toIntExact(settings.callTimeout().toMillis());
    connection.setConnectTimeout(timeout);
    connection.setReadTimeout(timeout);
    connection.setInstanceFollowRedirects(false);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
    connection.setRequestProperty("Accept", "application/json");
    settings
        .secret()
        .ifPresent(
            secret ->
                connection.setRequestProperty("Authorization", basic(settings.client(), secret)));
    try {
      connection.setFixedLengthStreamingMode(form.length()); // ASCII; and no second try
      try (var out = connection.getOutputStream()) {
        out.write(form.getBytes(StandardCharsets.US_ASCII));
      }
      int status = connection.getResponseCode();
      if (status >= SERVER_ERROR || status == TOO_MANY) {
        throw new IOException("status " + status);
      }
      try (InputStream in =
          status == OK ? connection.getInputStream() : connection.getErrorStream()) {
        byte[] body = in == null ? new byte[0] : in.readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
          throw new IOException("more than " + MAX_BYTES + " bytes");
        }
        return json.readValue(body, Answer.class);
      }
    } finally {
      connection.disconnect();
    }
  }

  /** Both parts form-encoded (RFC 6749 section 2.3.1). */
  private static String basic(String id, String secret) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString(
                (encoded(id) + ':' + encoded(secret)).getBytes(StandardCharsets.US_ASCII));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
