package dev.portico.auth.hosted;

import dev.portico.auth.host.AuthHostSettings;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether, and how, people sign in at the pool's own login page. Checked at start.
 *
 * @param domain the pool's domain as an address, such as {@code
 *     https://example.auth.eu-west-1.amazoncognito.com}; none: Portico's pages serve
 * @param identityProvider the provider that people are sent to at once; none: the login page offers
 *     what the app client supports
 * @param clientId id of the app client, which allows the code flow
 * @param clientSecret its secret, if it has one
 * @param callTimeout how long the token endpoint may take
 */
@Context
@ConfigurationProperties(HostedLoginSettings.PREFIX)
public record HostedLoginSettings(
    @Nullable String domain,
    @Nullable String identityProvider,
    @Nullable String clientId,
    @Nullable String clientSecret,
    Duration callTimeout) {
  static final String PREFIX = "portico.hosted-login";

  /** Names that Cognito's providers can have, and identifiers of theirs. */
  private static final Pattern PROVIDER = Pattern.compile("[\\p{L}\\p{N} .@:_-]{1,128}");

  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");

  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting
   */
  public HostedLoginSettings {
    domain = domain == null || domain.isBlank() ? null : domain.strip().replaceFirst("/$", "");
    identityProvider =
        identityProvider == null || identityProvider.isBlank() ? null : identityProvider.strip();
    if (domain != null && !isOrigin(domain)) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_DOMAIN must be https://HOST without a path, such as"
              + " https://example.auth.REGION.amazoncognito.com, or unset for Portico's pages");
    }
    if (identityProvider != null && !isProvider(identityProvider)) {
      throw new IllegalArgumentException(
          "PORTICO_COGNITO_IDENTITY_PROVIDER is not the name of an identity provider");
    }
  }

  /** Whether it can be the name of an identity provider. */
  static boolean isProvider(String name) {
    return PROVIDER.matcher(name).matches();
  }

  private static boolean isOrigin(String address) {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      return false;
    }
    String host = uri.getHost();
    return host != null
        && uri.getRawUserInfo() == null
        && uri.getRawPath().isEmpty()
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null
        && ("https".equals(uri.getScheme())
            || ("http".equals(uri.getScheme())
                && (AuthHostSettings.isLocal(host) || LOOPBACK.contains(host))));
  }

  String requiredDomain() {
    return String.valueOf(domain);
  }

  String client() {
    return String.valueOf(clientId);
  }

  Optional<String> secret() {
    return Optional.ofNullable(clientSecret).filter(text -> !text.isBlank());
  }

  /** Without the secret, since what is printed may be logged. */
  @Override
  public String toString() {
    return "HostedLoginSettings[domain="
        + domain
        + ", identityProvider="
        + identityProvider
        + ", clientId="
        + clientId
        + ']';
  }
}
