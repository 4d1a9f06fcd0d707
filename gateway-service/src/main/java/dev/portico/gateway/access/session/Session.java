package dev.portico.gateway.access.session;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.Identity.Credential;
import dev.portico.gateway.access.revocation.Revocations;
import dev.portico.gateway.access.session.AuthJson.IdentityAnswer;
import dev.portico.gateway.access.session.AuthJson.SessionAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What auth-service said of a session, and when. Immutable. */
public final class Session {
  /** For so long an answer is believed at most. */
  static final Duration FRESH = Duration.ofSeconds(60);

  private static final int OVERHEAD = 600;
  private static final int OF_TEXT = 48;

  /** Null when it is over. */
  private final @Nullable Known known;

  private final long askedNanos;
  private final long freshNanos;

  private record Known(
      Identification.Known whole,
      Identification.Known withoutToken,
      String signIn,
      @Nullable String originJti,
      long authenticatedAt,
      long expiresAt,
      long tokenExpiresAt) {}

  private Session(@Nullable Known known, long askedNanos, long freshNanos) {
    this.known = known;
    this.askedNanos = askedNanos;
    this.freshNanos = freshNanos;
  }

  /** One that is over. */
  static Session ended(long askedNanos) {
    return new Session(null, askedNanos, FRESH.toNanos());
  }

  /**
   * Of an answer.
   *
   * @param asked {@link System#nanoTime()} when the question was sent: it may be over since then
   */
  static Session of(SessionAnswer answer, long asked) throws IOException {
    return switch (answer.state()) {
      case "ended" -> ended(asked);
      case "active" -> active(answer, asked);
      default -> throw new IOException("a session of an unknown state");
    };
  }

  private static Session active(SessionAnswer answer, long asked) throws IOException {
    IdentityAnswer said = answer.identity();
    Long seconds = answer.freshSeconds();
    if (said == null || said.signIn() == null || said.subject() == null) {
      throw new IOException("an active session of nobody");
    }
    long fresh = seconds == null ? 0 : Math.clamp(seconds, 0, FRESH.toSeconds());
    Known known =
        new Known(
            new Identification.Known(identity(said, said.token())),
            new Identification.Known(identity(said, null)),
            said.signIn(),
            said.originJti(),
            said.authenticatedAt(),
            said.expiresAt(),
            Objects.requireNonNullElse(said.tokenExpiresAt(), Long.MAX_VALUE));
    return new Session(known, asked, Duration.ofSeconds(fresh).toNanos());
  }

  private static Identity identity(IdentityAnswer said, @Nullable String token) {
    return new Identity(
        Credential.SESSION,
        said.subject(),
        Objects.requireNonNullElse(said.username(), said.subject()),
        said.email(),
        Boolean.TRUE.equals(said.emailVerified()),
        said.name(),
        Set.copyOf(Objects.requireNonNullElse(said.groups(), List.of())),
        Set.of(),
        Objects.requireNonNullElse(said.claims(), Map.of()),
        Objects.requireNonNullElse(said.claimLists(), Map.of()),
        Instant.ofEpochSecond(said.authenticatedAt()),
        Instant.ofEpochSecond(said.expiresAt()),
        token);
  }

  /** Whether it was over when auth-service was asked; then it is for good. */
  boolean over() {
    return known == null;
  }

  /** Auth-service's id of the sign-in that it belongs to; null when it is over. */
  @Nullable String signIn() {
    return known == null ? null : known.signIn();
  }

  /** Whether it is over by now, as far as can be told here. */
  boolean over(Revocations revocations, long epochSecond) {
    return known == null
        || epochSecond >= known.expiresAt()
        || revocations.session(
            known.signIn(),
            known.originJti(),
            known.whole().identity().subject(),
            known.authenticatedAt());
  }

  /** Whether auth-service need not be asked yet, when answers are believed for so long. */
  boolean fresh(long nanos, long longestNanos) {
    return nanos - askedNanos < Math.min(freshNanos, longestNanos);
  }

  /** Whether it lives on without auth-service, when sessions do so for a time. */
  boolean lives(long nanos, Duration grace) {
    return nanos - askedNanos < freshNanos + grace.toNanos();
  }

  /**
   * Who it is of, without a statement for origins that is over.
   *
   * @throws IllegalStateException when it is over
   */
  Identification who(long epochSecond) {
    if (known == null) {
      throw new IllegalStateException("the session is over");
    }
    return epochSecond < known.tokenExpiresAt() ? known.whole() : known.withoutToken();
  }

  /** About how many bytes it takes. */
  int weight() {
    if (known == null) {
      return OVERHEAD / 2;
    }
    Identity identity = known.whole().identity();
    int texts = 0;
    for (String group : identity.groups()) {
      texts += OF_TEXT + group.length();
    }
    for (Map.Entry<String, String> claim : identity.claims().entrySet()) {
      texts += 2 * OF_TEXT + claim.getKey().length() + claim.getValue().length();
    }
    for (Map.Entry<String, List<String>> claim : identity.claimLists().entrySet()) {
      texts += 2 * OF_TEXT + claim.getKey().length();
      for (String value : claim.getValue()) {
        texts += OF_TEXT + value.length();
      }
    }
    return OVERHEAD + texts + (identity.token() == null ? 0 : identity.token().length());
  }
}
