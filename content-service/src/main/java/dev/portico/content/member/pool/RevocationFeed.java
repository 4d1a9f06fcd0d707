package dev.portico.content.member.pool;

import dev.portico.content.auth.AuthInternal;
import dev.portico.content.member.pool.RevocationAnswer.Entry;
import io.micronaut.context.annotation.Context;
import io.micronaut.json.JsonMapper;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows auth-service's revocations from their beginning (deploy/contracts/auth-revocations.json),
 * as gateways do, so that a token which was revoked is refused within a second here too.
 */
@Context
class RevocationFeed {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFeed.class);
  private static final Duration WAIT = Duration.ofSeconds(3);
  private static final Duration SLACK = Duration.ofSeconds(2);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(20);
  private static final String PATH = "/internal/revocations";
  private static final int GONE = 410;
  private static final int OK = 200;

  private final AuthInternal auth;
  private final RevocationSettings settings;
  private final Revocations revocations;
  private final JsonMapper json;
  private final String id = "content-" + UUID.randomUUID();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch heard = new CountDownLatch(1);
  private volatile @Nullable Thread thread;
  private volatile boolean complete;
  private volatile long heardNanos;
  private boolean lost;
  // Only the thread that follows knows these.
  private long position;
  private @Nullable String mark;

  @Inject
  RevocationFeed(
      AuthInternal auth, RevocationSettings settings, Revocations revocations, JsonMapper json) {
    this.auth = auth;
    this.settings = settings;
    this.revocations = revocations;
    this.json = json;
  }

  /** Starts to follow, where there is somebody to follow. */
  @PostConstruct
  void start() {
    if (auth.configured()) {
      thread = Thread.ofVirtual().name("revocations").start(this::follow);
    }
  }

  /** Stops. */
  @PreDestroy
  void stop() {
    stopped.countDown();
    Thread follower = thread;
    if (follower != null) {
      follower.interrupt();
    }
  }

  /**
   * Whether it is known which tokens are revoked, but for what could not be told for a while. Waits
   * a little for the first answer after a start.
   */
  boolean known() {
    if (!auth.configured()) {
      return true;
    }
    try {
      if (!heard.await(FIRST_LOOK.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    Duration longest = settings.grace().plus(WAIT).plus(SLACK);
    return complete && System.nanoTime() - heardNanos < longest.toNanos();
  }

  private void follow() {
    while (stopped.getCount() > 0) {
      try {
        if (!poll()) {
          pause();
        }
      } catch (IOException | RuntimeException e) {
        if (!lost && stopped.getCount() > 0) {
          lost = true;
          LOG.warn("lost auth-service's revocations: {}", e.toString());
        }
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void pause() {
    try {
      if (stopped.await(PAUSE.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.debug("stopped while waiting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }

  /** Waits for revocations once; false when the answer came at once and was of no use. */
  private boolean poll() throws IOException, InterruptedException {
    long asked = System.nanoTime();
    // Until all are known no token can be judged: the answer is to come at once.
    boolean atOnce = !complete;
    Duration wait = atOnce ? Duration.ZERO : WAIT;
    HttpResponse<byte[]> answer =
        auth.post(
            PATH, new RevocationQuestion(id, position, mark, wait.toMillis()), wait.plus(SLACK));
    if (answer.statusCode() == GONE) {
      LOG.info("position {} is of no use any more, reading all revocations", position);
      complete = false;
      position = 0;
      mark = null;
      return false;
    }
    if (answer.statusCode() != OK) {
      throw new IOException("auth-service answered " + answer.statusCode());
    }
    RevocationAnswer found = json.readValue(answer.body(), RevocationAnswer.class);
    found.entries().forEach(this::apply);
    boolean moved = found.position() > position;
    position = found.position();
    mark = found.mark();
    heardNanos = System.nanoTime();
    complete |= !Boolean.TRUE.equals(found.more());
    if (complete) {
      heard.countDown();
    }
    if (lost) {
      lost = false;
      LOG.info("following auth-service's revocations from position {}", position);
    }
    return moved || atOnce || System.nanoTime() - asked > SHORTEST_POLL.toNanos();
  }

  /** Of what cannot be understood nobody knows what it ends. */
  private void apply(Entry entry) {
    Long until = entry.until();
    String originJti = entry.originJti();
    String subject = entry.subject();
    Long before = entry.issuedBefore();
    String kind = entry.kind();
    if ("token".equals(kind) && originJti != null && until != null) {
      revocations.token(originJti, until);
    } else if ("user".equals(kind) && subject != null && before != null && until != null) {
      revocations.user(subject, before, until);
    } else if (!"session".equals(kind)) { // browsers' sessions are not shown here
      LOG.warn("a revocation of the unknown kind {}: tokens must be new", kind);
      revocations.everything();
    }
  }
}
