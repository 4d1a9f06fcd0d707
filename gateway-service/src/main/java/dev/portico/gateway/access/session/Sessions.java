package dev.portico.gateway.access.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.revocation.Revocation;
import dev.portico.gateway.access.revocation.Revocations;
import dev.portico.gateway.access.session.AuthInternal.Redeemed;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.service.ServiceClient.UnexpectedStatus;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers: who is signed in with this session? Auth-service is asked once for it, however many
 * requests wait, and its answer is believed for a minute at most; a revocation counts from when it
 * arrives, also against an answer that is under way. While auth-service does not answer, a session
 * that it has confirmed lives on for a bounded time.
 */
@Singleton
public final class Sessions {
  /** Questions that may be under way at a time. */
  static final int MOST_ASKED = 64;

  /** Questions that may be under way or wait to be. */
  static final int MOST_WAITING = 1_024;

  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final Identification NOBODY = new Identification.Nobody();
  private static final Identification UNAVAILABLE = new Identification.Unavailable();
  private static final long FRESH_NANOS = Session.FRESH.toNanos();

  /** Where the feed is not followed, a sign-out takes effect by the next question. */
  private static final long FRESH_UNFOLLOWED_NANOS = Duration.ofSeconds(1).toNanos();

  /** After a question about a known session was not answered, nobody waits for so long. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  private final AuthInternal auth;
  private final Revocations revocations;
  private final Contact contact;
  private final SessionCounts counts;
  private final Duration grace;
  private final boolean configured;
  private final Cache<SessionKey, Held> held;
  private final ConcurrentMap<SessionKey, CompletableFuture<Identification>> asking =
      new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MOST_ASKED);

  private final Strangers strangers = new Strangers();

  /**
   * A session that is remembered.
   *
   * @param generation of revocations in which it was asked for
   * @param notBeforeNanos when it may be asked for again, after a question was not answered
   */
  private record Held(Session session, long generation, long notBeforeNanos) {}

  Sessions(
      AuthInternal auth,
      Revocations revocations,
      Contact contact,
      SessionCounts counts,
      SessionSettings settings) {
    this.auth = auth;
    this.revocations = revocations;
    this.contact = contact;
    this.counts = counts;
    this.grace = settings.grace();
    this.configured = settings.configured();
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(settings.cacheSize())
            .weigher((SessionKey key, Held each) -> each.session().weight())
            .expireAfterWrite(Session.FRESH.plus(grace))
            .executor(Runnable::run)
            .build();
  }

  /** Whether there is an auth-service to ask. */
  public boolean configured() {
    return configured;
  }

  /**
   * Whether what was revoked is known here, but for what auth-service could not tell within the
   * time that known sessions live on without it; so it is where there is no auth-service.
   */
  public boolean followed() {
    return !configured || contact.followedWithin(grace);
  }

  /** How many are remembered, about. */
  public long size() {
    return held.estimatedSize();
  }

  /** From memory alone, for who has no connection that shows the same session again. */
  public @Nullable Identification known(String value, String site) {
    return known(value, site, new ConnectionMemory());
  }

  /**
   * From memory alone.
   *
   * @param value what the browser shows
   * @param memory of the connection that it comes by: the key of a session is kept there
   * @return null when auth-service is to be asked
   */
  public @Nullable Identification known(String value, String site, ConnectionMemory memory) {
    if (memory.of(value) instanceof SessionKey last && last.site().equals(site)) {
      return known(last);
    }
    if (!configured || !SessionKey.possible(value)) {
      return NOBODY;
    }
    SessionKey key = SessionKey.of(site, value);
    memory.remember(value, key);
    return known(key);
  }

  private @Nullable Identification known(SessionKey key) {
    Held found = held.getIfPresent(key);
    long nanos = System.nanoTime();
    boolean open = contact.open(nanos);
    if (found != null) {
      long second = System.currentTimeMillis() / 1_000;
      Session session = found.session();
      if (session.over(revocations, second)) {
        return NOBODY;
      }
      long longest = contact.following(nanos) ? FRESH_NANOS : FRESH_UNFOLLOWED_NANOS;
      if (session.fresh(nanos, longest) && found.generation() == revocations.generation()) {
        return session.who(second);
      }
      open &= nanos - found.notBeforeNanos() >= 0;
    }
    return open ? null : unconfirmed(found);
  }

  /** What holds while auth-service does not answer. */
  private Identification unconfirmed(@Nullable Held found) {
    long second = System.currentTimeMillis() / 1_000;
    if (found == null || found.generation() != revocations.generation()) {
      return UNAVAILABLE;
    }
    Session session = found.session();
    if (session.over(revocations, second)) {
      return NOBODY;
    }
    if (!session.lives(System.nanoTime(), grace)) {
      return UNAVAILABLE;
    }
    counts.unconfirmed();
    return session.who(second);
  }

  /**
   * Asks auth-service, unless it is known by now or being asked.
   *
   * @param viewer the browser's request, of which the audit log has the address
   * @return never completed exceptionally; completed on any thread
   */
  public CompletionStage<Identification> ask(String value, String site, ViewerRequest viewer) {
    if (!configured || !SessionKey.possible(value)) {
      return CompletableFuture.completedFuture(NOBODY);
    }
    SessionKey key = SessionKey.of(site, value);
    CompletableFuture<Identification> mine = new CompletableFuture<>();
    CompletableFuture<Identification> other = asking.putIfAbsent(key, mine);
    if (other != null) {
      return other;
    }
    Identification now = known(key);
    boolean stranger = now == null && held.getIfPresent(key) == null;
    if (now == null && !mayAsk(stranger, viewer.clientAddress())) {
      now = unconfirmed(held.getIfPresent(key));
    }
    if (now == null) {
      Thread.ofVirtual()
          .name("session-question")
          .start(() -> answer(key, value, viewer, stranger, mine));
    } else {
      asking.remove(key, mine);
      mine.complete(now);
    }
    return mine;
  }

  private boolean mayAsk(boolean stranger, String viewer) {
    if (asking.size() > MOST_WAITING || (stranger && !strangers.enter(viewer))) {
      return false;
    }
    if (contact.enter(System.nanoTime())) {
      return true;
    }
    if (stranger) {
      strangers.left(viewer);
    }
    return false;
  }

  private void answer(
      SessionKey key,
      String value,
      ViewerRequest viewer,
      boolean stranger,
      CompletableFuture<Identification> mine) {
    Identification answer = UNAVAILABLE;
    try {
      answer = find(key, value, viewer);
    } catch (RuntimeException e) {
      LOG.error("a session could not be asked for", e);
    } finally {
      if (stranger) {
        strangers.left(viewer.clientAddress());
      }
      asking.remove(key, mine);
      mine.complete(answer);
    }
  }

  private Identification find(SessionKey key, String value, ViewerRequest viewer) {
    try {
      if (!places.tryAcquire(AuthInternal.PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        return unconfirmed(held.getIfPresent(key));
      }
      try {
        return query(key, value, viewer);
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNAVAILABLE;
    }
  }

  /** Asks, once more where everything was to be forgotten meanwhile. */
  private Identification query(SessionKey key, String value, ViewerRequest viewer) {
    try {
      long generation;
      Session session;
      int times = 0;
      do {
        generation = revocations.generation();
        session = auth.query(value, key.site(), viewer);
      } while (generation != revocations.generation() && ++times < 3);
      contact.answered();
      counts.answered(session);
      long second = System.currentTimeMillis() / 1_000;
      if (generation != revocations.generation()) {
        return UNAVAILABLE;
      }
      if (session.over()) {
        strangers.wrong(viewer.clientAddress());
      }
      Session kept = remember(key, session, generation);
      return kept.over(revocations, second) ? NOBODY : kept.who(second);
    } catch (UnexpectedStatus e) {
      counts.failed();
      LOG.warn("a session could not be asked for: {}", e.getMessage());
      return unconfirmed(pause(key));
    } catch (IOException e) {
      counts.failed();
      contact.unanswered(e, grace);
      return unconfirmed(pause(key));
    }
  }

  /** Nobody is to wait for a session that was not answered for, where it is known. */
  private @Nullable Held pause(SessionKey key) {
    long notBefore = System.nanoTime() + PAUSE_NANOS;
    return held.asMap()
        .computeIfPresent(
            key, (same, each) -> new Held(each.session(), each.generation(), notBefore));
  }

  /** What is over stays so, whatever an answer says that was under way meanwhile. */
  private Session remember(SessionKey key, Session session, long generation) {
    Held now =
        held.asMap()
            .merge(
                key,
                new Held(session, generation, System.nanoTime()),
                (before, later) -> before.session().over() ? before : later);
    return now.session();
  }

  /**
   * Redeems a code, which can be done once, and remembers the session that comes of it.
   *
   * @param viewer the browser's request, of which the audit log has the address
   */
  public Redeemed redeem(
      String site, String redirectUri, String code, String verifier, ViewerRequest viewer)
      throws IOException {
    long generation = revocations.generation();
    Redeemed redeemed = auth.redeem(site, redirectUri, code, verifier, viewer);
    if (redeemed instanceof Redeemed.Opened opened) {
      remember(SessionKey.of(site, opened.value()), opened.session(), generation);
    }
    return redeemed;
  }

  /**
   * Ends the sign-in that a session belongs to, here at once and everywhere soon.
   *
   * @param everywhere whether everything else that its account has is ended too
   * @param viewer the browser's request, of which the audit log has the address
   * @throws IOException when auth-service does not say that it is over; then nothing is
   */
  public void end(String value, String site, boolean everywhere, ViewerRequest viewer)
      throws IOException {
    if (!configured || !SessionKey.possible(value)) {
      return;
    }
    auth.end(value, site, everywhere, viewer);
    SessionKey key = SessionKey.of(site, value);
    long generation = revocations.generation();
    long nanos = System.nanoTime();
    Held before = held.asMap().put(key, new Held(Session.ended(nanos), generation, nanos));
    String signIn = before == null ? null : before.session().signIn();
    if (signIn != null) {
      // Others of this sign-in need not wait for the feed.
      long until = System.currentTimeMillis() / 1_000 + Revocations.LIFE;
      revocations.add(new Revocation.SignIn(signIn, until));
    }
  }
}
