package dev.portico.content.member.pool;

import com.nimbusds.jwt.JWTClaimsSet;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The access tokens that were taken back before their time, as far as is known. Bounded: where more
 * come than are kept, the oldest are replaced by one that covers them, which refuses more than they
 * did, never less.
 */
@Singleton
final class Revocations {
  /** How many are kept. */
  static final int MOST = 100_000;

  /**
   * For how long an entry is kept from when it was made, in seconds: longer than any access token
   * is valid (deploy/contracts/revocation-life.json).
   */
  static final long LIFE = 86_700;

  private final Clock clock;
  private final int most;
  private final Map<String, Long> tokens = new HashMap<>();
  private final Map<String, Before> users = new HashMap<>();
  private final Queue<Arrived> arrived = new ArrayDeque<>();
  private long everythingBefore = Long.MIN_VALUE;

  /** All that an account was given before a time is over; both in seconds since 1970. */
  private record Before(long issued, long until) {}

  private record Arrived(String originJti, String subject, long until) {}

  @Inject
  Revocations(Clock clock) {
    this(clock, MOST);
  }

  Revocations(Clock clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  /** The tokens of one refresh token are over. */
  synchronized void token(String originJti, long until) {
    Long kept = tokens.get(originJti);
    if ((kept == null || kept < until) && remember(new Arrived(originJti, "", until))) {
      tokens.put(originJti, until);
    }
  }

  /** All that an account was given before a time is over. */
  synchronized void user(String subject, long issuedBefore, long until) {
    Before kept = users.getOrDefault(subject, new Before(Long.MIN_VALUE, Long.MIN_VALUE));
    boolean known = kept.issued() >= issuedBefore && kept.until() >= until;
    if (!known && remember(new Arrived("", subject, until))) {
      users.put(
          subject,
          new Before(Math.max(kept.issued(), issuedBefore), Math.max(kept.until(), until)));
    }
  }

  /** Something was revoked that is not understood: tokens must be new. */
  synchronized void everything() {
    everythingBefore = Math.max(everythingBefore, seconds() + 1);
  }

  private long seconds() {
    return clock.instant().getEpochSecond();
  }

  private boolean remember(Arrived one) {
    long now = seconds();
    Arrived oldest = arrived.peek();
    while (oldest != null && (oldest.until() <= now || arrived.size() >= most)) {
      if (oldest.until() > now) {
        everythingBefore = Math.max(everythingBefore, covered(oldest));
      }
      drop(arrived.remove());
      oldest = arrived.peek();
    }
    return one.until() > now && arrived.add(one);
  }

  /** A time before which everything was issued that one is about. */
  private long covered(Arrived oldest) {
    Before before = users.get(oldest.subject());
    return before == null ? oldest.until() - LIFE + 1 : before.issued();
  }

  private void drop(Arrived oldest) {
    tokens.computeIfPresent(oldest.originJti(), (jti, until) -> kept(until, oldest) ? until : null);
    users.computeIfPresent(
        oldest.subject(), (subject, before) -> kept(before.until(), oldest) ? before : null);
  }

  /** Another one of the same, that came later, keeps it. */
  private static boolean kept(long until, Arrived oldest) {
    return until > oldest.until();
  }

  /** Whether a token with these verified claims is over. */
  synchronized boolean hold(JWTClaimsSet claims) {
    Date issue = claims.getIssueTime();
    // Without a time of issue every revocation holds.
    long issued = issue == null ? Long.MIN_VALUE : issue.toInstant().getEpochSecond();
    Before before = users.get(claims.getSubject());
    return issued < everythingBefore
        || (claims.getClaim("origin_jti") instanceof String jti && tokens.containsKey(jti))
        || (before != null && issued < before.issued());
  }

  /** How many are kept. */
  synchronized int size() {
    return arrived.size();
  }
}
