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

  /**
   * For how long an entry is kept from when it was made, in seconds: longer than any access token
   * is valid (deploy/contracts/revocation-life.json).
   */
  public static final long LIFE = 86_700;

  private final InstantSource clock;
  private final int most;
  private final Map<String, Revocation> signIns = new ConcurrentHashMap<>();
  private final Map<String, Revocation> tokens = new ConcurrentHashMap<>();
  private final Map<String, Revocation.User> users = new ConcurrentHashMap<>();
  // Guarded by this; in the order of arrival, which is nearly that of their ends.
  private final Queue<Revocation> arrived = new ArrayDeque<>();
  private volatile boolean none = true;
  private volatile long everythingBefore = Long.MIN_VALUE;
  private volatile long generation;

  Revocations() {
    this(InstantSource.system(), MOST);
  }

  Revocations(InstantSource clock, int most) {
    this.clock = clock;
    this.most = most;
  }

  /** Remembers one; nothing changes when it is known. */
  public synchronized void add(Revocation revocation) {
    long now = seconds();
    while (!arrived.isEmpty() && arrived.element().until() <= now) {
      drop(arrived.remove());
    }
    if (revocation.until() <= now || known(revocation)) {
      return;
    }
    switch (revocation) {
      case Revocation.SignIn signIn -> signIns.put(signIn.signIn(), signIn);
      case Revocation.Token token -> tokens.put(token.originJti(), token);
      case Revocation.User user -> users.merge(user.subject(), user, Revocations::both);
    }
    arrived.add(revocation);
    none = false;
    if (arrived.size() > most) {
      coverOldest();
    }
  }

  private long seconds() {
    return clock.instant().getEpochSecond();
  }

  private boolean known(Revocation revocation) {
    return switch (revocation) {
      case Revocation.SignIn signIn -> signIn.equals(signIns.get(signIn.signIn()));
      case Revocation.Token token -> token.equals(tokens.get(token.originJti()));
      case Revocation.User user -> {
        Revocation.User kept = users.get(user.subject());
        yield kept != null && both(kept, user).equals(kept);
      }
    };
  }

  private static Revocation.User both(Revocation.User one, Revocation.User other) {
    return new Revocation.User(
        one.subject(),
        Math.max(one.issuedBefore(), other.issuedBefore()),
        Math.max(one.until(), other.until()));
  }

  /** Whoever has anything from before they were made proves it anew. */
  private void coverOldest() {
    forget();
    for (int i = most / 10; i >= 0; i--) {
      Revocation oldest = arrived.remove();
      everythingBefore = Math.max(everythingBefore, covered(oldest));
      drop(oldest);
    }
  }

  /** A time, in seconds since 1970, before which everything was issued that one is about. */
  private long covered(Revocation revocation) {
    return revocation instanceof Revocation.User user
        ? users.getOrDefault(user.subject(), user).issuedBefore()
        : revocation.until() - LIFE + 1;
  }

  private void drop(Revocation oldest) {
    switch (oldest) {
      case Revocation.SignIn signIn -> signIns.remove(signIn.signIn(), signIn);
      case Revocation.Token token -> tokens.remove(token.originJti(), token);
      case Revocation.User user ->
          // One that came later of the same account may keep it.
          users.computeIfPresent(
              user.subject(), (subject, kept) -> kept.until() <= user.until() ? null : kept);
    }
  }

  /**
   * Something was revoked that is not understood: whatever was found out is to be found out anew,
   * and tokens must be new.
   */
  public synchronized void everything() {
    forget();
    everythingBefore = Math.max(everythingBefore, seconds() + 1);
    none = false;
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
