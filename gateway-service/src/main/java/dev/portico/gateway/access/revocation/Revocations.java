package dev.portico.gateway.access.revocation;

import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The revocations that are known. Asked at each use, so that nothing that was verified or cached
 * before one arrived, or while it arrived, outlives it. Bounded: where more come than are kept, the
 * oldest are replaced by one that covers them, which refuses more than they did, never less.
 */
@Singleton
public final class Revocations {
  /** How many are kept. */
  static final int MOST = 100_000;

  private final InstantSource clock;
  private final int most;
  private final Map<String, Revocation> signIns = new ConcurrentHashMap<>();
  private final Map<String, Revocation> tokens = new ConcurrentHashMap<>();
  private final Map<String, Revocation.User> users = new ConcurrentHashMap<>();
  // Guarded by this; in the order of arrival, which is nearly that of their ends.
  private final Queue<Arrived> arrived = new ArrayDeque<>();
  private volatile boolean none = true;
  private volatile long everythingBefore = Long.MIN_VALUE;
  private volatile long generation;

  /** One and when it came, in seconds since 1970. */
  private record Arrived(Revocation revocation, long at) {}

  Revocations() {
    this(InstantSource.system(), MOST);
  }

  Revocations(InstantSource clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  /** Remembers one. */
  public synchronized void add(Revocation revocation) {
    long now = clock.instant().getEpochSecond();
    forgetPast(now);
    if (revocation.until() <= now) {
      return;
    }
    switch (revocation) {
      case Revocation.SignIn signIn -> signIns.put(signIn.signIn(), signIn);
      case Revocation.Token token -> tokens.put(token.originJti(), token);
      case Revocation.User user -> users.merge(user.subject(), user, Revocations::later);
    }
    arrived.add(new Arrived(revocation, now));
    none = false;
    if (arrived.size() > most) {
      coverOldest();
    }
  }

  private static Revocation.User later(Revocation.User one, Revocation.User other) {
    return new Revocation.User(
        one.subject(),
        Math.max(one.issuedBefore(), other.issuedBefore()),
        Math.max(one.until(), other.until()));
  }

  private void forgetPast(long now) {
    Arrived oldest = arrived.peek();
    while (oldest != null && oldest.revocation().until() <= now) {
      drop(oldest, now);
      oldest = arrived.peek();
    }
  }

  /** Whoever has anything from before their arrival proves it anew. */
  private void coverOldest() {
    long covered = everythingBefore;
    for (int i = most / 10; i >= 0; i--) {
      Arrived oldest = arrived.element();
      covered = Math.max(covered, oldest.at() + 1);
      drop(oldest, Long.MAX_VALUE);
    }
    everythingBefore = covered;
    forget();
  }

  private void drop(Arrived oldest, long until) {
    arrived.remove();
    switch (oldest.revocation()) {
      case Revocation.SignIn signIn -> signIns.remove(signIn.signIn(), signIn);
      case Revocation.Token token -> tokens.remove(token.originJti(), token);
      case Revocation.User user ->
          // A later one of the same account may have been merged with it.
          users.computeIfPresent(
              user.subject(), (subject, kept) -> kept.until() <= until ? null : kept);
    }
  }

  /**
   * From now on nothing is of use that was found out before: what was revoked meanwhile may be
   * unknown. Those that are known stay.
   */
  public synchronized void forget() {
    generation++;
  }

  /** Changes whenever everything that was found out before is to be found out anew. */
  public long generation() {
    return generation;
  }

  /**
   * Whether a session is over.
   *
   * @param signIn what it belongs to
   * @param originJti of the tokens behind it, when that is known
   * @param authenticatedAt when its account last proved who it is, in seconds since 1970
   */
  public boolean session(
      String signIn, @Nullable String originJti, String subject, long authenticatedAt) {
    return !none
        && (signIns.containsKey(signIn)
            || (originJti != null && tokens.containsKey(originJti))
            || user(subject, authenticatedAt));
  }

  /**
   * Whether an access token is over.
   *
   * @param originJti of the token, when it has one
   * @param issuedAt in seconds since 1970
   */
  public boolean token(@Nullable String originJti, String subject, long issuedAt) {
    return !none
        && (issuedAt < everythingBefore
            || (originJti != null && tokens.containsKey(originJti))
            || user(subject, issuedAt));
  }

  private boolean user(String subject, long issued) {
    Revocation.User user = users.get(subject);
    return user != null && issued < user.issuedBefore();
  }

  /** How many are kept. */
  public synchronized int size() {
    return arrived.size();
  }
}
