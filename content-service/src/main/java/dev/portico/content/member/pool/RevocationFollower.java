package dev.portico.content.member.pool;

import io.micronaut.serde.ObjectMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows auth-service's feed of revocations (deploy/contracts/README.md), from the first token on.
 * While auth-service does not answer, what was known is relied upon for a while.
 */
@Singleton
final class RevocationFollower {
  /** How long what was known is relied upon. */
  static final Duration GRACE = Duration.ofMinutes(5);

  private static final Duration FIRST_LOOK = Duration.ofSeconds(3);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(500);
  private static final int GONE = 410;
  private static final Logger LOG = LoggerFactory.getLogger(RevocationFollower.class);

  private final RevocationSettings settings;
  private final ObjectMapper json;
  private final Clock clock;
  private final String id = "content-" + UUID.randomUUID();
  private final RevokedTokens tokens = new RevokedTokens();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long after;
  private @Nullable String mark;
  private long answeredNanos;
  private boolean answered;
  private boolean running;
  private boolean closed;

  RevocationFollower(RevocationSettings settings, ObjectMapper json, Clock clock) {
    this.settings = settings;
    this.json = json;
    this.clock = clock;
    if (settings.known().isEmpty()) {
      LOG.warn("PORTICO_AUTH_SECRET is not set: access tokens are accepted until they expire");
    }
  }

  /**
   * Whether a token is void.
   *
   * @throws RevocationsUnavailableException when nothing new enough is known
   */
  boolean revoked(@Nullable String originJti, String subject, Instant issuedAt) {
    if (settings.known().isEmpty()) {
      return false;
    }
    awaitFirstAnswer();
    return tokens.has(originJti, subject, issuedAt);
  }

  private void awaitFirstAnswer() {
    lock.lock();
    try {
      if (!running && !closed) {
        running = true;
        Thread.ofVirtual().name("revocations").start(this::follow);
      }
      long nanos = FIRST_LOOK.toNanos();
      while (!answered && nanos > 0 && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
      if (!answered || System.nanoTime() - answeredNanos > GRACE.toNanos()) {
        throw new RevocationsUnavailableException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RevocationsUnavailableException();
    } finally {
      lock.unlock();
    }
  }

  private void follow() {
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      boolean failed = false;
      while (!pause(failed ? RETRY : Duration.ZERO)) {
        try {
          poll(client);
          failed = false;
        } catch (IOException | RuntimeException e) {
          LOG.warn("auth-service does not say what was revoked: {}", e.toString());
          failed = true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the service has stopped, after this time. */
  private boolean pause(Duration time) throws InterruptedException {
    lock.lock();
    try {
      long nanos = time.toNanos();
      while (nanos > 0 && !closed) {
        nanos = changed.awaitNanos(nanos);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private void poll(HttpClient client) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    HttpResponse<byte[]> response = client.send(request(), HttpResponse.BodyHandlers.ofByteArray());
    if (response.statusCode() == GONE && after > 0) {
      LOG.warn("The revocations after {} are not there; all that are kept are read", after);
      tokens.clear();
      after = 0;
      mark = null;
      return;
    }
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    RevocationsPage page = json.readValue(response.body(), RevocationsPage.class);
    page.revocations().forEach(tokens::add);
    tokens.forget(clock.instant());
    after = page.position();
    mark = page.mark();
    lock.lock();
    try {
      answered = true;
      answeredNanos = begun;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private HttpRequest request() throws IOException {
    var poll = new LinkedHashMap<String, Object>();
    poll.put("gateway", id);
    poll.put("after", after);
    if (mark != null) {
      poll.put("mark", mark);
    }
    poll.put("waitMillis", answered ? WAIT.toMillis() : 0);
    URI uri = settings.internal().resolve("/internal/revocations");
    return HttpRequest.newBuilder(uri)
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + settings.known().orElseThrow())
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(poll)))
        .build();
  }

  @PreDestroy
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
