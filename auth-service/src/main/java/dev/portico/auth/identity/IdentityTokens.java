package dev.portico.auth.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.portico.auth.host.AuthHostSettings;
import dev.portico.auth.signin.Profile;
import dev.portico.auth.signin.SignIn;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;

/** Signs identity tokens: ES256, for one site, valid for minutes. */
@Singleton
public final class IdentityTokens {
  private static final Duration LIFE = Duration.ofMinutes(5);

  private final IdentityKeys keys;
  private final AuthHostSettings host;
  private final Clock clock;

  IdentityTokens(IdentityKeys keys, AuthHostSettings host, Clock clock) {
    this.keys = keys;
    this.host = host;
    this.clock = clock;
  }

  /**
   * A token.
   *
   * @param text of it
   * @param expiresAt when it expires
   */
  public record Token(String text, Instant expiresAt) {
    /** Without the token, since what is printed may be logged. */
    @Override
    public String toString() {
      return "Token[" + expiresAt + ']';
    }
  }

  /** Says to the origins of a site who is signed in. */
  public Token of(SignIn signIn, Profile profile, String site) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expiresAt = now.plus(LIFE);
    var claims =
        new JWTClaimsSet.Builder()
            .issuer(host.url())
            .audience(site)
            .subject(signIn.subject())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(expiresAt))
            .claim("auth_time", signIn.authenticatedAt().getEpochSecond())
            .claim("username", profile.username())
            .claim("groups", profile.groups());
    if (profile.email() != null) {
      claims.claim("email", profile.email()).claim("email_verified", profile.emailVerified());
    }
    if (profile.name() != null) {
      claims.claim("name", profile.name());
    }
    return new Token(sign(claims.build()), expiresAt);
  }

  private String sign(JWTClaimsSet claims) {
    ECKey key = keys.current().signing().orElseThrow();
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(key.getKeyID())
            .type(JOSEObjectType.JWT)
            .build();
    var token = new SignedJWT(header, claims);
    try {
      token.sign(new ECDSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }
}
