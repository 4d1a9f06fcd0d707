package dev.portico.gateway.site;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.portico.gateway.access.rule.Membership;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers: what is an account to a site? Content-service knows, and what it says holds for a minute
 * at most. While it cannot be asked nobody is taken for a member who is not remembered as one.
 */
@Singleton
public class SiteMembers {
  /** How long an answer holds. */
  static final Duration REMEMBERED = Duration.ofSeconds(60);

  private static final int MOST_REMEMBERED = 50_000;
  private static final int PARALLEL = 8;
  private static final int MOST_WAITING = 1_000;
  private static final Membership UNAVAILABLE = new Membership.Unavailable();
  private static final Logger LOG = LoggerFactory.getLogger(SiteMembers.class);

  private final ContentInternal content;
  private final UnexpectedFailures unexpected;
  private final LoadLane lane = new LoadLane(PARALLEL, MOST_WAITING);
  private final Cache<Asked, Membership> remembered;
  private final ConcurrentMap<Asked, CompletableFuture<Membership>> asking =
      new ConcurrentHashMap<>();

  private record Asked(String site, String subject) {}

  @Inject
  SiteMembers(ContentInternal content, UnexpectedFailures unexpected) {
    this(content, unexpected, Ticker.systemTicker());
  }

  SiteMembers(ContentInternal content, UnexpectedFailures unexpected, Ticker ticker) {
    this.content = content;
    this.unexpected = unexpected;
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .ticker(ticker)
            .build();
  }

  /** What is remembered; null when it must be asked. */
  public @Nullable Membership known(String site, String subject) {
    return remembered.getIfPresent(new Asked(site, subject));
  }

  /**
   * Asks; who asks for the same meanwhile gets the same answer.
   *
   * @return never completed exceptionally; completed on any thread
   */
  public CompletableFuture<Membership> ask(String site, String subject) {
    Asked asked = new Asked(site, subject);
    CompletableFuture<Membership> mine = new CompletableFuture<>();
    CompletableFuture<Membership> other = asking.putIfAbsent(asked, mine);
    if (other != null) {
      return other;
    }
    if (lane.enter()) {
      Thread.ofVirtual().name("site-member").start(() -> takeTurn(asked, mine));
    } else {
      finish(asked, mine, UNAVAILABLE);
    }
    return mine;
  }

  private void takeTurn(Asked asked, CompletableFuture<Membership> mine) {
    try {
      lane.run(() -> finish(asked, mine, fetch(asked)));
    } finally {
      lane.leave();
      finish(asked, mine, UNAVAILABLE); // Whatever happened, those who wait get an answer.
    }
  }

  private Membership fetch(Asked asked) {
    try {
      return new Membership.Known(content.role(asked.site(), asked.subject()));
    } catch (IOException e) {
      LOG.warn("could not find out who is a member of {}: {}", asked.site(), e.toString());
      return UNAVAILABLE;
    } catch (Throwable e) {
      LOG.error("could not find out who is a member of {}", asked.site(), e);
      unexpected.count(Work.SITE_UPDATE, e);
      return UNAVAILABLE;
    }
  }

  private void finish(Asked asked, CompletableFuture<Membership> mine, Membership answer) {
    if (mine.isDone()) {
      return;
    }
    if (answer instanceof Membership.Known) {
      remembered.put(asked, answer);
    }
    asking.remove(asked, mine);
    mine.complete(answer);
  }
}
