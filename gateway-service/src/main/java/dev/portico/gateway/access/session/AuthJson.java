package dev.portico.gateway.access.session;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway and auth-service say to each other: deploy/contracts/auth-*.json. */
final class AuthJson {
  private AuthJson() {}

  /** auth-redemption.json. */
  @Serdeable
  record Redemption(String site, String redirectUri, String code, String codeVerifier) {}

  /** auth-session-query.json. */
  @Serdeable
  record Query(String session, String site) {}

  /** auth-session-end.json. */
  @Serdeable
  record End(String session, String site, boolean everywhere) {}

  /** auth-authorization.json. */
  @Serdeable
  record Authorization(String location) {}

  /** auth-session.json and auth-session-ended.json. */
  @Serdeable
  record SessionAnswer(
      String state,
      @Nullable String session,
      @Nullable Long maxAgeSeconds,
      @Nullable String nonce,
      @Nullable Long freshSeconds,
      @Nullable IdentityAnswer identity) {}

  /** auth-session-token.json and auth-session-ended.json. */
  @Serdeable
  record TokenAnswer(String state, @Nullable String accessToken, @Nullable Long expiresAt) {
    /** Without the secret, since what is printed may be logged. */
    @Override
    public String toString() {
      return "TokenAnswer[" + state + ']';
    }
  }

  /** The identity of a session. */
  @Serdeable
  record IdentityAnswer(
      String signIn,
      String subject,
      @Nullable String username,
      @Nullable String email,
      @Nullable Boolean emailVerified,
      @Nullable String name,
      @Nullable List<String> groups,
      @Nullable Map<String, String> claims,
      @Nullable Map<String, List<String>> claimLists,
      long authenticatedAt,
      long expiresAt,
      @Nullable String originJti,
      @Nullable String token,
      @Nullable Long tokenExpiresAt) {}

  /** auth-revocations-request.json. */
  @Serdeable
  record RevocationsQuestion(String gateway, long after, @Nullable String mark, long waitMillis) {}

  /** auth-revocations.json. */
  @Serdeable
  record RevocationsAnswer(
      long position,
      @Nullable String mark,
      @Nullable Boolean more,
      @Nullable List<Entry> revocations) {
    /** The revocations; a writer may leave an empty list out. */
    List<Entry> entries() {
      return revocations == null ? List.of() : revocations;
    }

    /** Whether the feed goes on behind these. */
    boolean goesOn() {
      return Boolean.TRUE.equals(more);
    }
  }

  /** One revocation. */
  @Serdeable
  record Entry(
      String kind,
      @Nullable String signIn,
      @Nullable String originJti,
      @Nullable String subject,
      @Nullable Long issuedBefore,
      @Nullable Long until) {}
}
