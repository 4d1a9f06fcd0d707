package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.BlobCache;
import dev.portico.gateway.cache.BlobUser;
import dev.portico.gateway.cache.BlobWish;
import dev.portico.gateway.cache.HeldBlob;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.origin.BlobFetcher;
import dev.portico.gateway.origin.BlobRequest;
import dev.portico.gateway.origin.ForwardedRequest;
import dev.portico.gateway.response.FileConditions;
import dev.portico.gateway.response.FileDecision;
import dev.portico.gateway.response.FilePolicy;
import dev.portico.gateway.response.FileResponses;
import dev.portico.gateway.response.Multipart;
import dev.portico.gateway.routing.FileSelection;
import dev.portico.gateway.routing.FileSelector;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.site.SiteResolution;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers from a site's deployment: selects the file, decides what the request gets of it, and
 * sends it from the cache, or through it, or past it when it is too large to be held.
 */
@Singleton
final class FileServing {
  private static final Logger LOG = LoggerFactory.getLogger(FileServing.class);
  private static final String REVALIDATE = "public, max-age=0, must-revalidate";

  private final BlobCache cache;
  private final BlobFetcher fetcher;
  private final Clock clock = Clock.systemUTC();

  FileServing(BlobCache cache, BlobFetcher fetcher) {
    this.cache = cache;
    this.fetcher = fetcher;
  }

  /** Answers a request for a site whose files are known. */
  void serve(ViewerExchange exchange, SiteResolution.Serving site) {
    ViewerRequest request = exchange.request();
    exchange.timeline().site(site.site());
    if (!request.method().equals("GET") && !request.head()) {
      otherMethod(exchange, site);
      return;
    }
    if (ForwardedRequest.upgrade(request) != null) {
      ErrorReplies.reply(exchange, EdgeError.UPGRADE_REFUSED, false);
      return;
    }
    if (request.encodedSlash()) {
      ErrorReplies.reply(exchange, EdgeError.ENCODED_SLASH, false);
      return;
    }
    FilePolicy policy =
        new FilePolicy(site.files().sealedAt(), site.immutableAssets(), site.preview());
    switch (FileSelector.select(site.files(), request.path(), request.query())) {
      case FileSelection.Serve serve -> file(exchange, serve.file(), policy);
      case FileSelection.RedirectToFolder folder -> redirect(exchange, folder.location(), policy);
      case FileSelection.Missing missing -> missing(exchange, missing.page(), policy);
    }
  }

  /** RFC 9110, sections 9.3.7 and 15.5.6. */
  private static void otherMethod(ViewerExchange exchange, SiteResolution.Serving site) {
    String allow = site.settings().behaviours().of(exchange.request().path()).allow();
    if (!exchange.request().method().equals("OPTIONS")) {
      ErrorReplies.reply(exchange, EdgeError.METHOD_NOT_ALLOWED, false, allow);
      return;
    }
    exchange.timeline().outcome(Outcome.LOCAL);
    ResponseHead.Builder head = ResponseHead.of(204).add("Allow", allow);
    SecurityHeaders.addTo(head, exchange.request());
    exchange.respond(head.build(), Unpooled.EMPTY_BUFFER);
  }

  private static void redirect(ViewerExchange exchange, String location, FilePolicy policy) {
    exchange.timeline().outcome(Outcome.LOCAL);
    ResponseHead.Builder head =
        ResponseHead.of(301).add("Location", location).add("Cache-Control", REVALIDATE);
    if (policy.preview()) {
      head.add("X-Robots-Tag", "noindex");
    }
    SecurityHeaders.addTo(head, exchange.request());
    exchange.respond(head.build(), Unpooled.EMPTY_BUFFER);
  }

  private void file(ViewerExchange exchange, SiteFile file, FilePolicy policy) {
    ViewerRequest request = exchange.request();
    FileConditions conditions = FileConditions.of(request.head(), request.headers());
    String boundary = conditions.range() == null ? "" : Multipart.boundary(randomBits());
    switch (FileResponses.decide(file, policy, conditions, clock.instant(), boundary)) {
      case FileDecision.Complete complete -> {
        exchange.timeline().outcome(Outcome.LOCAL);
        exchange.respond(SecurityHeaders.with(complete.head(), request), Unpooled.EMPTY_BUFFER);
      }
      case FileDecision.Parts parts -> parts(exchange, file, parts);
      case FileDecision.Whole whole ->
          whole(exchange, new WholeFile(file, policy, 200, whole.codings()));
    }
  }

  private static long randomBits() {
    return ThreadLocalRandom.current().nextLong();
  }

  private void missing(ViewerExchange exchange, @Nullable SiteFile page, FilePolicy policy) {
    exchange.timeline().error(EdgeError.NOT_FOUND.category());
    if (page == null) {
      ErrorReplies.reply(exchange, EdgeError.NOT_FOUND, false);
      return;
    }
    ViewerRequest request = exchange.request();
    FileConditions conditions = FileConditions.of(request.head(), request.headers());
    List<ContentCoding> codings = FileResponses.errorPageCodings(page, conditions);
    whole(exchange, new WholeFile(page, policy, 404, codings));
  }

  /** A file that is sent whole, as itself or as the page of an error. */
  private record WholeFile(
      SiteFile file, FilePolicy policy, int status, List<ContentCoding> codings) {
    ResponseHead head(ContentCoding coding, Instant now, ViewerRequest request) {
      ResponseHead head =
          status == 200
              ? FileResponses.whole(file, policy, coding, now)
              : FileResponses.errorPage(status, file, policy, coding);
      return SecurityHeaders.with(head, request);
    }
  }

  /** What a head that is kept with a cached blob was made for. */
  private record PreparedHead(
      SiteFile file, FilePolicy policy, int status, boolean strict, ResponseHead head) {
    boolean fits(WholeFile wanted, boolean strictWanted) {
      return status == wanted.status()
          && strict == strictWanted
          && file.equals(wanted.file())
          && policy.equals(wanted.policy());
    }
  }

  private void whole(ViewerExchange exchange, WholeFile wanted) {
    SiteFile file = wanted.file();
    if (file.size() == 0) {
      exchange.timeline().outcome(Outcome.HIT);
      exchange.respond(
          wanted.head(ContentCoding.IDENTITY, clock.instant(), exchange.request()),
          Unpooled.EMPTY_BUFFER);
      return;
    }
    if (!cache.holds(file.size())) {
      stream(exchange, wanted);
      return;
    }
    BlobWish wish = wish(exchange, file, wanted.codings());
    HeldBlob held = cache.find(wish, exchange.loop());
    if (held != null) {
      exchange.timeline().outcome(Outcome.HIT);
      send(exchange, wanted, held);
      return;
    }
    load(exchange, wish, loaded -> send(exchange, wanted, loaded));
  }

  private void send(ViewerExchange exchange, WholeFile wanted, HeldBlob held) {
    ResponseHead head;
    try {
      head = head(exchange.request(), wanted, held);
    } catch (RuntimeException e) {
      held.bytes().release();
      throw e;
    }
    exchange.respond(head, held.bytes());
  }

  /** The head of a hit, made once for as long as the same file asks for the same blob. */
  private ResponseHead head(ViewerRequest request, WholeFile wanted, HeldBlob held) {
    boolean strict = SecurityHeaders.strictTransport(request);
    if (held.entry().prepared() instanceof PreparedHead kept && kept.fits(wanted, strict)) {
      return kept.head();
    }
    Instant now = clock.instant();
    ResponseHead made = wanted.head(held.coding(), now, request);
    // Before that moment the head lacks Last-Modified.
    if (!wanted.policy().sealedAt().isAfter(now)) {
      held.entry()
          .prepared(
              new PreparedHead(wanted.file(), wanted.policy(), wanted.status(), strict, made));
    }
    return made;
  }

  private void parts(ViewerExchange exchange, SiteFile file, FileDecision.Parts parts) {
    ResponseHead head = SecurityHeaders.with(parts.head(), exchange.request());
    if (!cache.holds(file.size())) {
      exchange.timeline().outcome(Outcome.MISS);
      new PartsStream(exchange, fetcher, file, head, parts).start();
      return;
    }
    BlobWish wish = wish(exchange, file, List.of());
    HeldBlob held = cache.find(wish, exchange.loop());
    if (held != null) {
      exchange.timeline().outcome(Outcome.HIT);
      PartsStream.sendHeld(exchange, head, parts, held.bytes());
      return;
    }
    load(exchange, wish, loaded -> PartsStream.sendHeld(exchange, head, parts, loaded.bytes()));
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
            try {
              sender.send(blob);
            } catch (RuntimeException e) {
              LOG.error("Request {} failed", exchange.request().requestId(), e);
              ErrorReplies.reply(exchange, EdgeError.INTERNAL, false);
            }
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
  private void stream(ViewerExchange exchange, WholeFile wanted) {
    SiteFile file = wanted.file();
    ViewerRequest request = exchange.request();
    if (request.head() && wanted.codings().isEmpty()) {
      exchange.timeline().outcome(Outcome.LOCAL);
      exchange.begin(wanted.head(ContentCoding.IDENTITY, clock.instant(), request), file.size());
      exchange.end();
      return;
    }
    exchange.timeline().outcome(Outcome.MISS);
    BlobRequest whole =
        BlobRequest.whole(
            file.digest().hex(),
            wanted.codings().stream().map(ContentCoding::token).toList(),
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
              exchange.begin(wanted.head(coding, clock.instant(), request), blob.length());
            },
            exchange::end)
        .start(whole);
  }
}
