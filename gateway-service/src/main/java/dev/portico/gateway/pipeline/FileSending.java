package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.cache.BlobUser;
import dev.portico.gateway.cache.BlobWish;
import dev.portico.gateway.cache.HeldBlob;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.HeadRules;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.BlobFetcher;
import dev.portico.gateway.origin.BlobRequest;
import dev.portico.gateway.response.FileConditions;
import dev.portico.gateway.response.FileDecision;
import dev.portico.gateway.response.FileResponses;
import dev.portico.gateway.response.Multipart;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.SiteFile;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Sends a file of a deployment: decides what the request gets of it, and sends that from the cache,
 * or through it, or past it when it is too large to be held.
 */
@Singleton
final class FileSending {
  private final BlobCache cache;
  private final BlobFetcher fetcher;
  private final Clock clock = Clock.systemUTC();

  FileSending(BlobCache cache, BlobFetcher fetcher) {
    this.cache = cache;
    this.fetcher = fetcher;
  }

  /** Answers with a file. */
  void send(ViewerExchange exchange, ShownFile shown) {
    Explained.file(exchange, shown.file());
    ViewerRequest request = exchange.request();
    FileConditions conditions = FileConditions.of(request.head(), request.headers());
    if (shown.status() == ShownFile.OK) {
      asked(exchange, shown, conditions);
    } else {
      whole(exchange, shown, FileResponses.errorPageCodings(shown.file(), conditions));
    }
  }

  /** What the request asks for: all of it, parts of it, or whether it has changed. */
  private void asked(ViewerExchange exchange, ShownFile shown, FileConditions conditions) {
    String boundary = conditions.range() == null ? "" : Multipart.boundary(randomBits());
    switch (FileResponses.decide(
        shown.file(), shown.policy(), conditions, clock.instant(), boundary)) {
      case FileDecision.Complete complete -> {
        exchange.timeline().outcome(Outcome.LOCAL);
        ResponseHead head = shown.finished(complete.head(), exchange);
        exchange.respond(shown.cached(head, true), Unpooled.EMPTY_BUFFER);
      }
      case FileDecision.Parts parts -> parts(exchange, shown, parts);
      case FileDecision.Whole whole -> whole(exchange, shown, whole.codings());
    }
  }

  private static long randomBits() {
    return ThreadLocalRandom.current().nextLong();
  }

  private void whole(ViewerExchange exchange, ShownFile wanted, List<ContentCoding> codings) {
    SiteFile file = wanted.file();
    if (file.size() == 0) {
      exchange.timeline().outcome(Outcome.HIT);
      exchange.respond(
          wanted.head(ContentCoding.IDENTITY, true, clock.instant(), exchange),
          Unpooled.EMPTY_BUFFER);
      return;
    }
    if (Explained.dry(exchange)) {
      Known known = known(exchange, file, codings);
      exchange.begin(wanted.head(known.coding(), known.held(), clock.instant(), exchange), -1);
      return;
    }
    if (!cache.holds(file.size())) {
      stream(exchange, wanted, codings);
      return;
    }
    BlobWish wish = wish(exchange, file, codings);
    HeldBlob held = cache.find(wish, exchange.loop());
    if (held != null) {
      exchange.timeline().outcome(Outcome.HIT);
      respond(exchange, wanted, held, true);
      return;
    }
    load(exchange, wish, loaded -> respond(exchange, wanted, loaded, false));
  }

  /**
   * What is known of a file that is not to be fetched.
   *
   * @param coding in which it would be sent
   * @param held whether it is in memory
   */
  private record Known(ContentCoding coding, boolean held) {}

  private Known known(ViewerExchange exchange, SiteFile file, List<ContentCoding> codings) {
    ContentCoding coding = cache.coding(file.digest(), codings);
    boolean held = coding != null && cache.hasInMemory(file.digest(), coding);
    Explained.bytes(exchange, file, coding, held);
    return new Known(coding == null ? ContentCoding.IDENTITY : coding, held);
  }

  private void respond(ViewerExchange exchange, ShownFile wanted, HeldBlob blob, boolean held) {
    ResponseHead head;
    try {
      head =
          held
              ? head(exchange, wanted, blob)
              : wanted.head(blob.coding(), false, clock.instant(), exchange);
    } catch (RuntimeException e) {
      blob.bytes().release();
      throw e;
    }
    exchange.respond(head, blob.bytes());
  }

  /** The head of a hit, made once for as long as the same file asks for the same blob. */
  private ResponseHead head(ViewerExchange exchange, ShownFile wanted, HeldBlob held) {
    if (held.entry().prepared() instanceof PreparedFileHead kept
        && exchange.explanation() == null
        && kept.fits(wanted, exchange)) {
      return kept.head();
    }
    Instant now = clock.instant();
    ResponseHead made = wanted.head(held.coding(), true, now, exchange);
    HeadRules rules = exchange.rules();
    boolean keepable = rules == null || rules.keepable();
    // Before that moment the head lacks Last-Modified.
    if (keepable && !wanted.policy().sealedAt().isAfter(now)) {
      held.entry()
          .prepared(
              new PreparedFileHead(
                  wanted,
                  SecurityHeaders.strictTransport(exchange.request()),
                  rules,
                  rules == null ? null : rules.variant(exchange.request()),
                  made));
    }
    return made;
  }

  private void parts(ViewerExchange exchange, ShownFile shown, FileDecision.Parts parts) {
    SiteFile file = shown.file();
    ResponseHead head = shown.finished(parts.head(), exchange);
    if (Explained.dry(exchange)) {
      exchange.begin(shown.cached(head, known(exchange, file, List.of()).held()), parts.length());
      return;
    }
    if (!cache.holds(file.size())) {
      exchange.timeline().outcome(Outcome.MISS);
      new PartsStream(exchange, fetcher, file, shown.cached(head, false), parts).start();
      return;
    }
    BlobWish wish = wish(exchange, file, List.of());
    HeldBlob held = cache.find(wish, exchange.loop());
    if (held != null) {
      exchange.timeline().outcome(Outcome.HIT);
      PartsStream.sendHeld(exchange, shown.cached(head, true), parts, held.bytes());
      return;
    }
    load(
        exchange,
        wish,
        loaded -> PartsStream.sendHeld(exchange, shown.cached(head, false), parts, loaded.bytes()));
  }

  private interface Sender {
    void send(HeldBlob blob);
  }

  private void load(ViewerExchange exchange, BlobWish wish, Sender sender) {
    exchange.timeline().outcome(Outcome.MISS);
    exchange.timeline().originStarted();
    cache.load(
        wish,
        exchange.loop(),
        new BlobUser() {
          @Override
          public void held(HeldBlob blob) {
            exchange.timeline().originAnswered();
            ErrorReplies.guarded(exchange, () -> sender.send(blob));
          }

          @Override
          public void failed(EdgeException failure) {
            BlobStream.fail(exchange, failure);
          }
        });
  }

  private static BlobWish wish(
      ViewerExchange exchange, SiteFile file, List<ContentCoding> codings) {
    ViewerRequest request = exchange.request();
    return new BlobWish(file.digest(), file.size(), codings, request.ids());
  }

  /** Too large to be held: straight from content-service to the viewer. */
  private void stream(ViewerExchange exchange, ShownFile wanted, List<ContentCoding> codings) {
    SiteFile file = wanted.file();
    ViewerRequest request = exchange.request();
    if (request.head() && codings.isEmpty()) {
      exchange.timeline().outcome(Outcome.LOCAL);
      exchange.begin(
          wanted.head(ContentCoding.IDENTITY, true, clock.instant(), exchange), file.size());
      exchange.end();
      return;
    }
    exchange.timeline().outcome(Outcome.MISS);
    BlobRequest whole =
        BlobRequest.whole(
            file.digest().hex(),
            codings.stream().map(ContentCoding::token).toList(),
            request.ids());
    new BlobStream(
            exchange,
            fetcher,
            blob -> {
              ContentCoding coding = ContentCoding.of(blob.coding());
              boolean plain = coding == ContentCoding.IDENTITY;
              if (coding == null || (plain && blob.length() != file.size())) {
                throw new EdgeException(EdgeError.ORIGIN_PROTOCOL, "unexpected blob " + blob);
              }
              exchange.begin(wanted.head(coding, false, clock.instant(), exchange), blob.length());
            },
            exchange::end)
        .start(whole);
  }
}
