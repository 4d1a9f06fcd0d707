package dev.portico.gateway.access.authorizer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.portico.gateway.access.rule.AccessPolicy.Authorizer;
import dev.portico.gateway.access.rule.AuthorizerVerdict;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginClient;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.Target;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks teams' authorizers about requests, and remembers what they say as long as they say and the
 * site's settings let it hold. The question is a GET that tells method, address and chosen fields
 * of the request; what the answer depends on is told, and all of that is what it is remembered by.
 */
@Singleton
public final class Authorizers {
  /** Answers that are remembered. */
  private static final int MOST_REMEMBERED = 20_000;

  /** Questions under way; beyond that nobody is let in. */
  static final int MOST_UNDER_WAY = 1_000;

  /** Of those of one site, so that a slow authorizer closes no other site. */
  static final int MOST_OF_A_SITE = 200;

  /** How long an answer may take at most, whatever the origin's own limits. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String METHOD = "x-forwarded-method";
  private static final String URI = "x-forwarded-uri";

  private final OriginClient origins;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<String, Integer> bySite = new ConcurrentHashMap<>();
  private final Cache<List<String>, Remembered> remembered =
      Caffeine.newBuilder()
          .maximumSize(MOST_REMEMBERED)
          .expireAfter(Expiry.creating((List<String> key, Remembered value) -> value.lasting()))
          .build();

  Authorizers(OriginClient origins) {
    this.origins = origins;
  }

  /** An answer, and how long it holds. */
  record Remembered(AuthorizerVerdict verdict, Duration lasting) {}

  /**
   * What is asked.
   *
   * @param site the site's name
   * @param authorizer who is asked
   * @param origin where it is
   * @param account all that it may be told of the account; empty where that was not asked
   */
  public record Question(
      String site,
      Authorizer authorizer,
      HttpOrigin origin,
      String account,
      ViewerRequest request) {
    private List<String> key() {
      List<String> key = new ArrayList<>();
      key.add(site);
      key.add(
          (origin.tls() ? "https://" : "http://")
              + origin.host()
              + ':'
              + origin.port()
              + origin.pathPrefix());
      key.add(authorizer.path());
      key.add(account);
      key.add(request.clientAddress());
      key.add(request.method());
      key.add(request.scheme() + "://" + request.authority() + request.rawTarget());
      for (String name : new TreeSet<>(authorizer.forwarded())) {
        key.add(name);
        key.addAll(request.headers().all(name));
      }
      return List.copyOf(key);
    }
  }

  /** What is remembered; null when it must be asked. */
  public @Nullable AuthorizerVerdict known(Question question) {
    if (question.authorizer().cached().isZero()) {
      return null;
    }
    Remembered found = remembered.getIfPresent(question.key());
    return found == null ? null : found.verdict();
  }

  /**
   * Asks.
   *
   * @param loop the event loop of the viewer; call from it
   * @param then is told what came of it, on that loop
   */
  public void ask(Question question, EventLoop loop, Consumer<AuthorizerVerdict> then) {
    if (!enter(question.site())) {
      then.accept(new AuthorizerVerdict.Unavailable());
      return;
    }
    Authorizer authorizer = question.authorizer();
    AuthorizerCall call =
        new AuthorizerCall(
            authorizer,
            answer -> {
              leave(question.site());
              if (!answer.lasting().isZero()) {
                remembered.put(question.key(), answer);
              }
              then.accept(answer.verdict());
            });
    call.start(origins, request(question), loop);
  }

  private boolean enter(String site) {
    int ofSite = bySite.merge(site, 1, Integer::sum);
    if (ofSite <= MOST_OF_A_SITE && underWay.incrementAndGet() <= MOST_UNDER_WAY) {
      return true;
    }
    if (ofSite <= MOST_OF_A_SITE) {
      underWay.decrementAndGet();
    }
    bySite.computeIfPresent(site, (name, count) -> count == 1 ? null : count - 1);
    return false;
  }

  private void leave(String site) {
    underWay.decrementAndGet();
    bySite.computeIfPresent(site, (name, count) -> count == 1 ? null : count - 1);
  }

  private static OriginRequest request(Question question) {
    ViewerRequest viewer = question.request();
    HttpHeaders headers =
        ForwardedRequest.toOrigin(viewer, question.authorizer().forwarded()::contains);
    headers.set(METHOD, viewer.method());
    headers.set(URI, viewer.rawTarget());
    return OriginRequest.of(
            Target.of(question.origin()), "GET", question.authorizer().path(), headers, 0)
        .onBehalfOf(viewer.ids());
  }
}
