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

  private final Clock clock;
  private final int most;
  private final Map<String, Long> tokens = new HashMap<>();
  private final Map<String, Before> users = new HashMap<>();
  private final Queue<Arrived> arrived = new ArrayDeque<>();
  private long everythingBefore = Long.MIN_VALUE;

  /** All that an account was given before a time is over; both in seconds since 1970. */
  private record Before(long issued, long until) {}

  private record Arrived(String originJti, String subject, long until, long at) {}

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
    if (remember(new Arrived(originJti, "", until, seconds()))) {
      tokens.merge(originJti, until, Math::max);
    }
  }

  /** All that an account was given before a time is over. */
  synchronized void user(String subject, long issuedBefore, long until) {
    if (remember(new Arrived("", subject, until, seconds()))) {
      users.merge(
          subject,
          new Before(issuedBefore, until),
          (one, other) ->
              new Before(
                  Math.max(one.issued(), other.issued()), Math.max(one.until(), other.until())));
    }
  }

  private long seconds() {
    return clock.instant().getEpochSecond();
  }

  private boolean remember(Arrived one) {
    Arrived oldest = arrived.peek();
    while (oldest != null && (oldest.until() <= one.at() || arrived.size() >= most)) {
      if (oldest.until() > one.at()) {
        everythingBefore = Math.max(everythingBefore, oldest.at() + 1);
      }
      drop(arrived.remove());
      oldest = arrived.peek();
    }
    return one.until() > one.at() && arrived.add(one);
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
