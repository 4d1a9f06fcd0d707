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
import dev.portico.gateway.response.EditedFields;
import dev.portico.gateway.response.FileConditions;
import dev.portico.gateway.response.FileDecision;
import dev.portico.gateway.response.FilePolicy;
import dev.portico.gateway.response.FileResponses;
import dev.portico.gateway.response.Multipart;
import dev.portico.gateway.response.policy.PrivateRules;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.FileSelection;
import dev.portico.gateway.routing.FileSelector;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.SiteFiles;
import dev.portico.gateway.routing.rules.RedirectRequest;
import dev.portico.gateway.routing.rules.RedirectRules;
import dev.portico.gateway.routing.rules.RuleAnswer;
import dev.portico.gateway.routing.rules.RuleOutcome;
import dev.portico.gateway.site.DeploymentFiles;
import dev.portico.gateway.site.EarlierAssets;
import dev.portico.gateway.site.SiteResolution;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Answers from a site's deployment: selects the file, decides what the request gets of it, and
 * sends it from the cache, or through it, or past it when it is too large to be held.
 */
@Singleton
final class FileServing {
  private static final int OK = 200;
  private static final String REVALIDATE = "public, max-age=0, must-revalidate";

  private final BlobCache cache;
  private final BlobFetcher fetcher;
  private final RuleProxies proxies;
  private final EarlierAssets earlier;
  private final Clock clock = Clock.systemUTC();

  FileServing(BlobCache cache, BlobFetcher fetcher, RuleProxies proxies, EarlierAssets earlier) {
    this.cache = cache;
    this.fetcher = fetcher;
    this.proxies = proxies;
    this.earlier = earlier;
  }

  /** Answers a request for a site whose files are known. */
  void serve(ViewerExchange exchange, SiteResolution.Serving site) {
    ViewerRequest request = exchange.request();
    exchange.timeline().site(site.site());
    Explained.deployment(exchange, site);
    if (!request.method().equals("GET") && !request.head()) {
      otherMethod(exchange, site);
      return;
    }
    if (request.upgrade() != null) {
      ErrorReplies.reply(exchange, EdgeError.UPGRADE_REFUSED, false);
      return;
    }
    if (request.encodedSlash()) {
      ErrorReplies.reply(exchange, EdgeError.ENCODED_SLASH, false);
      return;
    }
    String path = request.path();
    if (!EarlierAssets.asks(site, path)) {
      select(exchange, site, site.files());
      return;
    }
    CompletableFuture<?> awaited = earlier.awaited(site, path);
    if (awaited == null) {
      select(exchange, site, earlier.files(site, path));
    } else {
      awaited.whenCompleteAsync(
          (done, failure) ->
              ErrorReplies.guarded(
                  exchange, () -> select(exchange, site, earlier.files(site, path))),
          exchange.loop());
    }
  }

  /**
   * Answers with what the site's own rules make of the request.
   *
   * @param all where the path asked for is looked up
   */
  private void select(ViewerExchange exchange, SiteResolution.Serving site, SiteFiles all) {
    ViewerRequest request = exchange.request();
    DeploymentFiles files = site.files();
    FileHandling handling = site.settings().files();
    SiteFiles found = AdmittedFiles.of(all, site, request.path());
    SiteFile root = root(site, found, request.path());
    FileSelection selection =
        root == null
            ? FileSelector.select(found, handling, request.path(), request.query())
            : new FileSelection.Serve(root);
    RuleAnswer rule = rule(files.rules().redirects(), request, selection);
    FilePolicy policy =
        new FilePolicy(
            files.sealedAt(),
            root == null && site.immutableAssets(),
            site.preview(),
            files.rules().headers().edits(request.host(), request.path()),
            vary(rule));
    Explained.rules(exchange, site, rule);
    RuleOutcome outcome = rule.outcome();
    if (outcome != null || !(selection instanceof FileSelection.Serve)) {
      ReleaseShare.differsByName(exchange, site);
    }
    if (outcome != null) {
      ruled(exchange, site, outcome, policy);
      return;
    }
    switch (selection) {
      case FileSelection.Serve serve -> file(exchange, serve.file(), policy);
      case FileSelection.Redirect other -> redirect(exchange, 301, other.location(), policy);
      case FileSelection.Missing missing -> {
        SiteFiles own = AdmittedFiles.of(files, site, request.path());
        SiteFile application = FileSelector.application(own, handling, request.path());
        if (application == null) {
          missing(exchange, EdgeError.NOT_FOUND, missing.page(), policy);
        } else {
          file(exchange, application, policy);
        }
      }
    }
  }

  /** What {@code /} leads to where the site says it; null for other paths, and when it is away. */
  private static @Nullable SiteFile root(
      SiteResolution.Serving site, SiteFiles found, String path) {
    String object = site.settings().rootObject();
    return object == null || !path.equals("/")
        ? null
        : FileSelector.target(found, site.settings().files(), Escapes.decode(object));
  }

  /** What the site's redirects say; files that tell the gateway what to do are beyond them. */
  private static RuleAnswer rule(
      RedirectRules rules, ViewerRequest request, FileSelection selection) {
    if (rules.isEmpty() || FileSelector.isControl(request.path())) {
      return RuleAnswer.NONE;
    }
    boolean found = !(selection instanceof FileSelection.Missing);
    return rules.find(RedirectRequest.of(request), found);
  }

  private static String vary(RuleAnswer rule) {
    if (rule.byLanguage()) {
      return rule.byCookie() ? "Accept-Language, Cookie" : "Accept-Language";
    }
    return rule.byCookie() ? "Cookie" : "";
  }

  private void ruled(
      ViewerExchange exchange,
      SiteResolution.Serving site,
      RuleOutcome outcome,
      FilePolicy policy) {
    String asked = exchange.request().path();
    SiteFiles files = AdmittedFiles.of(site.files(), site, asked);
    FileHandling handling = site.settings().files();
    // The name that a file is asked for by says nothing about a hash in its own.
    FilePolicy byOtherName =
        new FilePolicy(policy.sealedAt(), false, policy.preview(), policy.edits(), policy.vary());
    switch (outcome) {
      case RuleOutcome.Redirect redirect ->
          redirect(exchange, redirect.status(), redirect.location(), policy);
      case RuleOutcome.Rewrite rewrite -> {
        SiteFile file = FileSelector.target(files, handling, rewrite.path());
        if (file == null) {
          SiteFile page = FileSelector.errorPage(files, handling, asked);
          missing(exchange, EdgeError.NOT_FOUND, page, policy);
        } else {
          file(exchange, file, byOtherName);
        }
      }
      case RuleOutcome.Absent absent -> {
        String path = absent.path();
        SiteFile named = path == null ? null : FileSelector.target(files, handling, path);
        SiteFile page = named == null ? FileSelector.errorPage(files, handling, asked) : named;
        EdgeError error = absent.status() == 410 ? EdgeError.PATH_GONE : EdgeError.NOT_FOUND;
        missing(exchange, error, page, policy);
      }
      case RuleOutcome.Proxy proxy -> proxies.serve(exchange, site, proxy, policy.vary());
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
    SecurityHeaders.addTo(head, exchange);
    exchange.respond(head.build(), Unpooled.EMPTY_BUFFER);
  }

  private static void redirect(
      ViewerExchange exchange, int status, String location, FilePolicy policy) {
    exchange.timeline().outcome(Outcome.LOCAL);
    ResponseHead.Builder head =
        ResponseHead.of(status).add("Location", location).add("Cache-Control", REVALIDATE);
    if (!policy.vary().isEmpty()) {
      head.add("Vary", policy.vary());
    }
    if (policy.preview()) {
      head.add("X-Robots-Tag", "noindex");
    }
    Explained.ofGateway(exchange, head);
    SecurityHeaders.addTo(head, exchange);
    exchange.respond(head.build(), Unpooled.EMPTY_BUFFER);
  }

  private void file(ViewerExchange exchange, SiteFile file, FilePolicy policy) {
    ViewerRequest request = exchange.request();
    Explained.file(exchange, file);
    FileConditions conditions = FileConditions.of(request.head(), request.headers());
    String boundary = conditions.range() == null ? "" : Multipart.boundary(randomBits());
    switch (FileResponses.decide(file, policy, conditions, clock.instant(), boundary)) {
      case FileDecision.Complete complete -> {
        exchange.timeline().outcome(Outcome.LOCAL);
        exchange.respond(finished(complete.head(), policy, exchange), Unpooled.EMPTY_BUFFER);
      }
      case FileDecision.Parts parts -> parts(exchange, file, policy, parts);
      case FileDecision.Whole whole ->
          whole(exchange, new WholeFile(file, policy, 200, whole.codings()));
    }
  }

  private static long randomBits() {
    return ThreadLocalRandom.current().nextLong();
  }

  /** All that the gateway sets by itself, and then what the deployment makes of it. */
  private static ResponseHead finished(
      ResponseHead head, FilePolicy policy, ViewerExchange exchange) {
    Explained.ofFile(exchange, head);
    ResponseHead edited =
        EditedFields.of(
            SecurityHeaders.with(head, exchange),
            policy,
            SecurityHeaders.strictTransport(exchange.request()));
    Explained.edited(exchange, edited);
    return exchange.rules() instanceof PrivateRules ? PrivateRules.restricted(edited) : edited;
  }

  private void missing(
      ViewerExchange exchange, EdgeError error, @Nullable SiteFile page, FilePolicy policy) {
    exchange.timeline().error(error.category());
    if (page == null) {
      String[] more =
          policy.vary().isEmpty() ? new String[0] : new String[] {"Vary", policy.vary()};
      ErrorReplies.reply(exchange, error, false, more);
      return;
    }
    errorPage(exchange, page, policy, error.status());
  }

  private void errorPage(ViewerExchange exchange, SiteFile page, FilePolicy policy, int status) {
    ViewerRequest request = exchange.request();
    Explained.file(exchange, page);
    FileConditions conditions = FileConditions.of(request.head(), request.headers());
    List<ContentCoding> codings = FileResponses.errorPageCodings(page, conditions);
    whole(exchange, new WholeFile(page, policy, status, codings));
  }

  /**
   * The file at a path of a site; null when there is none. Nobody is redirected.
   *
   * @param asked the path in whose place it is shown
   */
  static @Nullable SiteFile page(SiteResolution.Serving site, String path, String asked) {
    SiteFiles files = AdmittedFiles.of(site.files(), site, asked);
    return FileSelector.target(files, site.settings().files(), path);
  }

  /** Answers with a file of the site in place of an error; with 200 as with any file. */
  void page(ViewerExchange exchange, SiteResolution.Serving site, SiteFile page, int status) {
    DeploymentFiles files = site.files();
    ViewerRequest request = exchange.request();
    FilePolicy policy =
        new FilePolicy(
            files.sealedAt(),
            false,
            site.preview(),
            EditedFields.forErrors(files.rules().headers().edits(request.host(), request.path())),
            "");
    if (status == OK) {
      file(exchange, page, policy);
    } else {
      errorPage(exchange, page, policy, status);
    }
  }

  /** A file that is sent whole, as itself or as the page of an error. */
  private record WholeFile(
      SiteFile file, FilePolicy policy, int status, List<ContentCoding> codings) {
    ResponseHead head(ContentCoding coding, Instant now, ViewerExchange exchange) {
      ResponseHead head =
          status == 200
              ? FileResponses.whole(file, policy, coding, now)
              : FileResponses.errorPage(status, file, policy, coding);
      return finished(head, policy, exchange);
    }
  }

  /** What a head that is kept with a cached blob was made for. */
  private record PreparedHead(
      SiteFile file,
      FilePolicy policy,
      int status,
      boolean strict,
      @Nullable HeadRules rules,
      @Nullable String variant,
      ResponseHead head) {
    // By identity: rules are one object as long as they hold, and long to compare.
    @SuppressWarnings("ReferenceEquality")
    boolean fits(WholeFile wanted, ViewerExchange exchange) {
      HeadRules wantedRules = exchange.rules();
      return status == wanted.status()
          && strict == SecurityHeaders.strictTransport(exchange.request())
          && rules == wantedRules
          && (rules == null || Objects.equals(variant, rules.variant(exchange.request())))
          && file.equals(wanted.file())
          && policy.equals(wanted.policy());
    }
  }

  private void whole(ViewerExchange exchange, WholeFile wanted) {
    SiteFile file = wanted.file();
    if (file.size() == 0) {
      exchange.timeline().outcome(Outcome.HIT);
      exchange.respond(
          wanted.head(ContentCoding.IDENTITY, clock.instant(), exchange), Unpooled.EMPTY_BUFFER);
      return;
    }
    if (Explained.dry(exchange)) {
      ContentCoding coding = known(exchange, file, wanted.codings());
      exchange.begin(wanted.head(coding, clock.instant(), exchange), -1);
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

  /** The coding in which a file would be sent as far as is known, without fetching it. */
  private ContentCoding known(ViewerExchange exchange, SiteFile file, List<ContentCoding> codings) {
    ContentCoding coding = cache.coding(file.digest(), codings);
    boolean held = coding != null && cache.hasInMemory(file.digest(), coding);
    Explained.bytes(exchange, file, coding, held);
    return coding == null ? ContentCoding.IDENTITY : coding;
  }

  private void send(ViewerExchange exchange, WholeFile wanted, HeldBlob held) {
    ResponseHead head;
    try {
      head = head(exchange, wanted, held);
    } catch (RuntimeException e) {
      held.bytes().release();
      throw e;
    }
    exchange.respond(head, held.bytes());
  }

  /** The head of a hit, made once for as long as the same file asks for the same blob. */
  private ResponseHead head(ViewerExchange exchange, WholeFile wanted, HeldBlob held) {
    if (held.entry().prepared() instanceof PreparedHead kept
        && exchange.explanation() == null
        && kept.fits(wanted, exchange)) {
      return kept.head();
    }
    Instant now = clock.instant();
    ResponseHead made = wanted.head(held.coding(), now, exchange);
    HeadRules rules = exchange.rules();
    boolean keepable = rules == null || rules.keepable();
    // Before that moment the head lacks Last-Modified.
    if (keepable && !wanted.policy().sealedAt().isAfter(now)) {
      held.entry()
          .prepared(
              new PreparedHead(
                  wanted.file(),
                  wanted.policy(),
                  wanted.status(),
                  SecurityHeaders.strictTransport(exchange.request()),
                  rules,
                  rules == null ? null : rules.variant(exchange.request()),
                  made));
    }
    return made;
  }

  private void parts(
      ViewerExchange exchange, SiteFile file, FilePolicy policy, FileDecision.Parts parts) {
    ResponseHead head = finished(parts.head(), policy, exchange);
    if (Explained.dry(exchange)) {
      known(exchange, file, List.of());
      exchange.begin(head, parts.length());
      return;
    }
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
  private void stream(ViewerExchange exchange, WholeFile wanted) {
    SiteFile file = wanted.file();
    ViewerRequest request = exchange.request();
    if (request.head() && wanted.codings().isEmpty()) {
      exchange.timeline().outcome(Outcome.LOCAL);
      exchange.begin(wanted.head(ContentCoding.IDENTITY, clock.instant(), exchange), file.size());
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
              exchange.begin(wanted.head(coding, clock.instant(), exchange), blob.length());
            },
            exchange::end)
        .start(whole);
  }
}
