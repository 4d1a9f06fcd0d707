package dev.portico.gateway.pipeline;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.EditedFields;
import dev.portico.gateway.response.FilePolicy;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.Conventions;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.FileSelection;
import dev.portico.gateway.routing.FileSelector;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.SiteFiles;
import dev.portico.gateway.routing.rules.FieldEdits;
import dev.portico.gateway.routing.rules.HeaderRules;
import dev.portico.gateway.routing.rules.RedirectRequest;
import dev.portico.gateway.routing.rules.RedirectRules;
import dev.portico.gateway.routing.rules.RuleAnswer;
import dev.portico.gateway.routing.rules.RuleOutcome;
import dev.portico.gateway.site.DeploymentFiles;
import dev.portico.gateway.site.EarlierAssets;
import dev.portico.gateway.site.SiteResolution;
import io.netty.buffer.Unpooled;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers from a site's deployment: selects the file as the site's own rules have it, or says that
 * there is none.
 */
@Singleton
final class FileServing {
  private static final Set<String> PRODUCTION = Set.of("production");
  private static final Set<String> PREVIEW = Set.of("preview");
  private static final String REVALIDATE = "public, max-age=0, must-revalidate";

  private final FileSending sending;
  private final RuleProxies proxies;
  private final EarlierAssets earlier;
  private final ViewerGroups groups;

  FileServing(
      FileSending sending, RuleProxies proxies, EarlierAssets earlier, ViewerGroups groups) {
    this.sending = sending;
    this.proxies = proxies;
    this.earlier = earlier;
    this.groups = groups;
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
      select(exchange, site, site.files(), null);
      return;
    }
    CompletableFuture<?> awaited = earlier.awaited(site, path);
    if (awaited == null) {
      select(exchange, site, earlier.files(site, path), null);
    } else {
      awaited.whenCompleteAsync(
          (done, failure) ->
              ErrorReplies.guarded(
                  exchange, () -> select(exchange, site, earlier.files(site, path), null)),
          exchange.loop());
    }
  }

  /**
   * Answers with what the site's own rules make of the request.
   *
   * @param all where the path asked for is looked up
   * @param known the groups that the viewer is in; null before a rule has asked for them
   */
  private void select(
      ViewerExchange exchange,
      SiteResolution.Serving site,
      SiteFiles all,
      @Nullable Set<String> known) {
    ViewerRequest request = exchange.request();
    DeploymentFiles files = site.files();
    FileHandling handling = site.settings().files();
    SiteFiles found = AdmittedFiles.of(all, site, request.path());
    SiteFile root = root(site, found, request.path());
    FileSelection selection =
        root == null
            ? FileSelector.select(found, handling, request.path(), request.query())
            : new FileSelection.Serve(root);
    Conventions conventions = handling.conventions();
    RuleAnswer rule = rule(site, request, known, selection);
    if (rule.outcome() instanceof RuleOutcome.AskGroups) {
      groups.find(exchange, site.site(), told -> select(exchange, site, all, told));
      return;
    }
    if (rule.byRole()) {
      ViewerGroups.keepPrivate(exchange);
    }
    FilePolicy policy =
        new FilePolicy(
            files.sealedAt(),
            root == null && site.immutableAssets(),
            site.preview(),
            conventions.anyOrigin(),
            edits(exchange, files),
            vary(rule));
    Explained.redirects(exchange, rule);
    RuleOutcome outcome = rule.outcome();
    if (outcome != null || !(selection instanceof FileSelection.Serve)) {
      ReleaseShare.differsByName(exchange, site);
    }
    if (outcome != null) {
      ruled(exchange, site, outcome, policy);
      return;
    }
    switch (selection) {
      case FileSelection.Serve serve -> {
        Explained.found(exchange, all, serve.file());
        file(exchange, serve.file(), policy);
      }
      case FileSelection.Redirect other ->
          redirect(exchange, conventions.pageRedirect(), other.location(), policy);
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

  /** What a deployment changes about the fields of the response. */
  private static FieldEdits edits(ViewerExchange exchange, DeploymentFiles files) {
    HeaderRules rules = files.rules().headers();
    Explained.headerRules(exchange, rules);
    return rules.edits(exchange.request().host(), exchange.request().path());
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
      SiteResolution.Serving site,
      ViewerRequest request,
      @Nullable Set<String> known,
      FileSelection selection) {
    RedirectRules rules = site.files().rules().redirects();
    if (rules.isEmpty() || FileSelector.isControl(request.path())) {
      return RuleAnswer.NONE;
    }
    boolean found = !(selection instanceof FileSelection.Missing);
    Conventions conventions = site.settings().files().conventions();
    RedirectRequest asked = RedirectRequest.of(request, contexts(site, request.host()));
    return rules.find(known == null ? asked : asked.with(known), found, conventions);
  }

  /** The kinds of host that this one is, as a deployment's settings tell them apart too. */
  private static Set<String> contexts(SiteResolution.Serving site, String host) {
    if (!site.preview()) {
      return PRODUCTION;
    }
    String alias = site.alias(host);
    return alias == null ? PREVIEW : Set.of("preview", "alias:" + alias);
  }

  private static String vary(RuleAnswer rule) {
    boolean byCookie = rule.byCookie() || rule.byRole(); // sessions are cookies
    if (rule.byLanguage()) {
      return byCookie ? "Accept-Language, Cookie" : "Accept-Language";
    }
    return byCookie ? "Cookie" : "";
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
        new FilePolicy(
            policy.sealedAt(),
            false,
            policy.preview(),
            policy.anyOrigin(),
            policy.edits(),
            policy.vary());
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
      case RuleOutcome.AskGroups ask -> throw new IllegalStateException("asked twice");
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
    String[] cache = CacheFields.generated(204, "options");
    exchange.respond(head.build().with(cache), Unpooled.EMPTY_BUFFER);
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
    String[] cache = CacheFields.generated(status, "redirect");
    exchange.respond(head.build().with(cache), Unpooled.EMPTY_BUFFER);
  }

  private void file(ViewerExchange exchange, SiteFile file, FilePolicy policy) {
    sending.send(exchange, new ShownFile(file, policy, ShownFile.OK, false));
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
    sending.send(exchange, new ShownFile(page, policy, error.status(), false));
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

  /**
   * Answers with a file of the site in place of an error; with 200 as with any file. What is to be
   * said of the cache is about the error, and left to the caller.
   */
  void page(ViewerExchange exchange, SiteResolution.Serving site, SiteFile page, int status) {
    Explained.deployment(exchange, site);
    DeploymentFiles files = site.files();
    FilePolicy policy =
        new FilePolicy(
            files.sealedAt(),
            false,
            site.preview(),
            site.settings().files().conventions().anyOrigin(),
            EditedFields.forErrors(edits(exchange, files)),
            "");
    sending.send(exchange, new ShownFile(page, policy, status, true));
  }
}
