package dev.portico.gateway.access.session;

import dev.portico.gateway.access.revocation.Revocation;
import dev.portico.gateway.access.revocation.Revocations;
import dev.portico.gateway.access.session.AuthJson.Entry;
import dev.portico.gateway.access.session.AuthJson.RevocationsAnswer;
import dev.portico.gateway.access.session.AuthJson.RevocationsQuestion;
import dev.portico.gateway.service.Backoff;
import dev.portico.gateway.service.Lifetime;
import io.micronaut.context.annotation.Context;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows auth-service's revocation feed from its beginning: everything that is kept there still
 * matters to somebody. Where its position is of no use any more, all that was found out before is
 * forgotten and the feed is read again.
 */
@Context
public class RevocationFollower {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFollower.class);
  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(20);

  private final AuthInternal auth;
  private final Revocations revocations;
  private final Contact contact;
  private final SessionSettings settings;
  private final String gateway;
  private final Lifetime lifetime = new Lifetime();
  private volatile long position;
  // Belongs to the position; only the thread that follows knows it.
  private @Nullable String mark;

  @Inject
  RevocationFollower(
      AuthInternal auth, Revocations revocations, Contact contact, SessionSettings settings) {
    this.auth = auth;
    this.revocations = revocations;
    this.contact = contact;
    this.settings = settings;
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    this.gateway = "gw-" + HexFormat.of().formatHex(id);
  }

  /** Starts to follow, where there is an auth-service. */
  @PostConstruct
  void start() {
    if (settings.configured()) {
      lifetime.start("revocation-feed", this::follow);
    }
  }

  /** Stops; what is known stays. */
  @PreDestroy
  void stop() {
    lifetime.end();
  }

  /** Whether auth-service has told all revocations up to a few seconds ago. */
  public boolean connected() {
    return contact.following(System.nanoTime());
  }

  /** The feed's position up to which revocations are known. */
  public long position() {
    return position;
  }

  private void follow() {
    Backoff backoff = new Backoff(LONGEST_PAUSE, ThreadLocalRandom.current());
    while (!lifetime.over()) {
      try {
        if (poll()) {
          backoff.reset();
        } else {
          lifetime.pause(backoff.next());
        }
      } catch (IOException e) {
        if (!lifetime.over()) {
          contact.unheard(e);
          lifetime.pause(backoff.next());
        }
      } catch (RuntimeException e) {
        LOG.error("cannot follow the revocations", e);
        lifetime.pause(backoff.next());
      }
    }
  }

  /** Waits for revocations once; false when the answer came at once and was of no use. */
  private boolean poll() throws IOException {
    long asked = System.nanoTime();
    // Until all are known tokens cannot be judged: the answer is to come at once.
    boolean atOnce = !contact.complete();
    long wait = atOnce ? 0 : WAIT.toMillis();
    RevocationsAnswer answer =
        auth.revocations(new RevocationsQuestion(gateway, position, mark, wait));
    if (answer == null || answer.position() < position) {
      LOG.info("position {} is of no use any more, reading all revocations", position);
      contact.incomplete();
      position = 0;
      mark = null;
      revocations.forget();
      return false;
    }
    answer.entries().forEach(this::apply);
    boolean moved = answer.position() > position;
    position = answer.position();
    mark = answer.mark();
    contact.heard(!answer.goesOn());
    return moved || atOnce || System.nanoTime() - asked > SHORTEST_POLL.toNanos();
  }

  /** Of what cannot be understood nobody knows what it ends. */
  private void apply(Entry entry) {
    Revocation revocation = understood(entry);
    if (revocation == null) {
      LOG.warn("a revocation of the unknown kind {}: all is to be proven anew", entry.kind());
      revocations.everything();
    } else {
      revocations.add(revocation);
    }
  }

  /** What an entry says; null when it cannot be understood. */
  static @Nullable Revocation understood(Entry entry) {
    Long until = entry.until();
    String signIn = entry.signIn();
    String originJti = entry.originJti();
    String subject = entry.subject();
    Long issuedBefore = entry.issuedBefore();
    if (until == null || entry.kind() == null) {
      return null;
    }
    return switch (entry.kind()) {
      case "session" -> signIn == null ? null : new Revocation.SignIn(signIn, until);
      case "token" -> originJti == null ? null : new Revocation.Token(originJti, until);
      case "user" ->
          subject == null || issuedBefore == null
              ? null
              : new Revocation.User(subject, issuedBefore, until);
      default -> null;
    };
  }
}
