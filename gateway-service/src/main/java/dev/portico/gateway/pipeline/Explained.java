package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.response.EditedFields;
import dev.portico.gateway.response.FilePolicy;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.ErrorResponses;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.SiteFiles;
import dev.portico.gateway.routing.rules.HeaderRule;
import dev.portico.gateway.routing.rules.HeaderRules;
import dev.portico.gateway.routing.rules.RuleAnswer;
import dev.portico.gateway.routing.rules.RuleOutcome;
import dev.portico.gateway.site.EarlierAssets;
import dev.portico.gateway.site.GradualRelease;
import dev.portico.gateway.site.SiteResolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what the stages decide, for the few exchanges that have an {@link Explanation}; for
 * any other each method looks for that and does nothing. The names are those of docs/explain.md.
 */
final class Explained {
  private static final String FILE = "file";

  /** Names the deployment that a file is of where that is not the one that answers. */
  static final String FILE_DEPLOYMENT = "fileDeployment";

  private static final String BEHAVIOUR = "behaviour";
  private static final String INDEX = "index";
  private static final String ERROR_RESPONSE = "errorResponse";
  private static final String SHOWN = "shown";
  private static final String BECAUSE = "because";
  private static final String ORIGIN = "origin";
  private static final String REDIRECT = "redirect";
  private static final String REDIRECTS = "_redirects";
  private static final String HEADER_RULES = "headerRules";
  private static final String RULE = "rule";
  private static final String FIELDS = "fields";
  private static final String HOST = "host";
  private static final String PREVIEW = "preview";
  private static final String ALIAS = "alias";

  private Explained() {}

  /** Whether nothing may be fetched for the exchange. */
  static boolean dry(ViewerExchange exchange) {
    Explanation why = exchange.explanation();
    return why != null && why.dry();
  }

  /** The path has led to a behaviour of a site. */
  static void routed(ViewerExchange exchange, SiteResolution.Routable site, Behaviour behaviour) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    why.note("site", site.site());
    why.note(HOST, site.preview() ? PREVIEW : "live");
    Map<String, Object> said = new LinkedHashMap<>();
    int index = index(site.settings().behaviours().ordered(), behaviour);
    said.put(INDEX, index < 0 ? "default" : index);
    said.put("pattern", index < 0 ? "*" : behaviour.pattern().toString());
    put(said, ORIGIN, behaviour.origin());
    said.put("viewerProtocol", lower(behaviour.viewerProtocol()));
    put(said, "cachePolicy", behaviour.cachePolicy());
    put(said, "originRequestPolicy", behaviour.originRequestPolicy());
    put(said, "responseHeadersPolicy", behaviour.responseHeadersPolicy());
    Map<String, Long> shared = shared(site.settings().sharedPolicies(), behaviour);
    put(said, "sharedPolicies", shared.isEmpty() ? null : shared);
    why.note(BEHAVIOUR, said);
  }

  /** Which of a behaviour's policies are shared with other sites: id to version. */
  private static Map<String, Long> shared(Map<String, Long> all, Behaviour behaviour) {
    Map<String, Long> shared = new TreeMap<>(all);
    shared
        .keySet()
        .removeIf(
            id ->
                !id.equals(behaviour.cachePolicy())
                    && !id.equals(behaviour.originRequestPolicy())
                    && !id.equals(behaviour.responseHeadersPolicy()));
    return shared;
  }

  // By identity: two behaviours may say the same, and it is asked which of them it was.
  @SuppressWarnings("ReferenceEquality")
  private static int index(List<Behaviour> ordered, Behaviour behaviour) {
    for (int i = 0; i < ordered.size(); i++) {
      if (ordered.get(i) == behaviour) {
        return i;
      }
    }
    return -1;
  }

  /** A deployment answers. */
  static void deployment(ViewerExchange exchange, SiteResolution.Serving site) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    String deployment = site.files().deployment();
    String alias = site.alias(exchange.request().host());
    if (alias != null) {
      why.note(HOST, ALIAS);
      why.note(ALIAS, alias);
    } else if (site.live() != null) {
      why.note(HOST, "release");
    }
    why.note("deployment", deployment);
  }

  /** A gradual release is under way, whether the viewer has a share in it or not. */
  static void released(ViewerExchange exchange, GradualRelease release) {
    Explanation why = exchange.explanation();
    if (why != null) {
      why.note("release", Map.of("deployment", release.deployment(), "percent", release.percent()));
    }
  }

  /** The deployment's redirects have been asked. */
  static void redirects(ViewerExchange exchange, RuleAnswer rule) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    RuleOutcome outcome = rule.outcome();
    if (outcome != null) {
      Map<String, Object> said = new LinkedHashMap<>();
      said.put(RULE, REDIRECTS + ':' + rule.line());
      describe(outcome, said);
      why.note(REDIRECT, said);
    }
  }

  /** The deployment's header rules have been asked. */
  static void headerRules(ViewerExchange exchange, HeaderRules rules) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    ViewerRequest request = exchange.request();
    List<Object> all = new ArrayList<>();
    for (HeaderRule each : rules.matching(request.host(), request.path())) {
      Map<String, Object> said = new LinkedHashMap<>();
      said.put(RULE, "_headers:" + each.line());
      said.put("path", each.path());
      said.put(
          FIELDS,
          each.fields().stream()
              .map(field -> (field.value() == null ? "! " : "") + field.name())
              .toList());
      all.add(said);
    }
    why.forget(HEADER_RULES); // of another deployment, which was to answer before
    if (!all.isEmpty()) {
      why.note(HEADER_RULES, all);
    }
  }

  /** A rule asks for the viewer's groups, for which somebody would have to be asked. */
  static void unknownGroups(ViewerExchange exchange) {
    Explanation why = exchange.explanation();
    if (why != null) {
      why.note("groups", "unknown");
    }
  }

  private static void describe(RuleOutcome outcome, Map<String, Object> said) {
    switch (outcome) {
      case RuleOutcome.Redirect redirect -> {
        said.put("status", redirect.status());
        said.put("to", redirect.location());
      }
      case RuleOutcome.Rewrite rewrite -> {
        said.put("status", 200);
        said.put("to", rewrite.path());
      }
      case RuleOutcome.Absent absent -> {
        said.put("status", absent.status());
        put(said, "to", absent.path());
      }
      case RuleOutcome.AskGroups ask -> {}
      case RuleOutcome.Proxy proxy -> {
        said.put("status", 200);
        said.put("to", address(proxy.tls(), proxy.host(), proxy.port()) + proxy.rawPath());
      }
    }
  }

  /** The path means a file, be it one of another deployment. */
  static void found(ViewerExchange exchange, SiteFiles all, SiteFile file) {
    Explanation why = exchange.explanation();
    if (why != null
        && all instanceof EarlierAssets.WithAnother other
        && other.asset().equals(file)) {
      why.note(FILE_DEPLOYMENT, other.deployment());
    }
  }

  /** A file answers, as itself or as the page of an error. */
  static void file(ViewerExchange exchange, SiteFile file) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("path", file.path());
    said.put("sha256", file.digest().hex());
    said.put("size", file.size());
    said.put("type", file.type());
    why.note(FILE, said);
  }

  /**
   * A site shows a page in place of an error, if it can.
   *
   * @param ofBehaviour whether the behaviour says so; else it is the page of a maintenance
   */
  static void errorResponse(
      ViewerExchange exchange,
      ErrorResponses responses,
      ErrorResponse response,
      boolean ofBehaviour,
      ErrorPages.Found found) {
    Explanation why = exchange.explanation();
    String page = response.path();
    if (why == null || page == null) {
      return;
    }
    String at = behaviour(why) + ".errorResponses[" + responses.index(response) + ']';
    Map<String, Object> said = new LinkedHashMap<>();
    said.put(RULE, ofBehaviour ? at : "maintenance");
    said.put("status", response.status());
    said.put("page", page);
    said.put(SHOWN, found instanceof ErrorPages.Page);
    if (found instanceof ErrorPages.NoPage none) {
      said.put(BECAUSE, lower(none));
    } else {
      why.forget(FILE_DEPLOYMENT); // of a file that was to answer before
    }
    why.note(ERROR_RESPONSE, said);
  }

  /** The page, or what is left without it, has been told what is true of the error. */
  static void ofError(ViewerExchange exchange, ResponseHead head) {
    Explanation why = exchange.explanation();
    if (why != null && why.noted(ERROR_RESPONSE) instanceof Map<?, ?> said) {
      why.change(
          head, name -> isOfCache(name) ? ExplainedEdge.CACHE : String.valueOf(said.get(RULE)));
    }
  }

  /** Where the settings have the behaviour, as their faults name it. */
  private static String behaviour(Explanation why) {
    return why.noted(BEHAVIOUR) instanceof Map<?, ?> said
            && said.get(INDEX) instanceof Integer index
        ? "behaviours[" + index + ']'
        : "defaultBehaviour";
  }

  /** The page that was to be shown could not be had. */
  static void pageFailed(ViewerExchange exchange) {
    Explanation why = exchange.explanation();
    if (why != null && why.noted(ERROR_RESPONSE) instanceof Map<?, ?> before) {
      Map<String, Object> said = new LinkedHashMap<>();
      before.forEach((name, value) -> said.put(String.valueOf(name), value));
      said.put(SHOWN, false);
      said.put(BECAUSE, "failed");
      why.note(ERROR_RESPONSE, said);
      // What was to be shown is not what answers.
      why.forget(FILE);
      why.forget("coding");
    }
  }

  /**
   * What is known of a file's bytes, where they are not to be fetched.
   *
   * @param coding in which they would be sent; null while that is not known
   * @param held whether they are in memory
   */
  static void bytes(
      ViewerExchange exchange, SiteFile file, @Nullable ContentCoding coding, boolean held) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    why.note("coding", coding == null ? "unknown" : coding.token());
    if (!held) {
      why.note("fetch", Map.of("from", "content-service", "blob", file.digest().hex()));
    }
  }

  /** A head begins with what the file says. */
  static void ofFile(ViewerExchange exchange, ResponseHead head) {
    begin(exchange, head, FILE);
  }

  /** A head begins with what the origin says. */
  static void ofOrigin(ViewerExchange exchange, ResponseHead.Builder head) {
    if (exchange.explanation() != null) {
      begin(exchange, head.build(), ORIGIN);
    }
  }

  /** A head begins with what the gateway says of itself. */
  static void ofGateway(ViewerExchange exchange, ResponseHead.Builder head) {
    if (exchange.explanation() != null) {
      begin(exchange, head.build(), Explanation.GATEWAY);
    }
  }

  private static void begin(ViewerExchange exchange, ResponseHead head, String by) {
    Explanation why = exchange.explanation();
    if (why == null) {
      return;
    }
    boolean redirects = head.first("location") != null;
    why.begin(
        head,
        name ->
            switch (name) {
              case "via" -> Explanation.GATEWAY;
              case "location" -> by.equals(ORIGIN) ? by : rule(why);
              // A redirect of the gateway's varies by what the conditions of rules look at.
              case "vary" -> by.equals(Explanation.GATEWAY) && redirects ? REDIRECTS : by;
              case "x-robots-tag" -> isPreview(why) ? PREVIEW : by;
              default -> by;
            });
  }

  private static boolean isPreview(Explanation why) {
    return PREVIEW.equals(why.noted(HOST)) || ALIAS.equals(why.noted(HOST));
  }

  /** The redirect rule that holds; the files, where there is none. */
  private static String rule(Explanation why) {
    return why.noted(REDIRECT) instanceof Map<?, ?> said ? String.valueOf(said.get(RULE)) : FILE;
  }

  /** What the deployment wants has been made of the head. */
  static void edited(ViewerExchange exchange, ResponseHead head, FilePolicy policy) {
    Explanation why = exchange.explanation();
    if (why != null) {
      why.edit(head, name -> editor(why, policy, name));
    }
  }

  /** All that can change a field there: see {@link EditedFields}, which takes the same policy. */
  private static String editor(Explanation why, FilePolicy policy, String name) {
    if (policy.preview() && name.equals("x-robots-tag")) {
      return PREVIEW;
    }
    List<String> lines = new ArrayList<>();
    if (why.noted(HEADER_RULES) instanceof List<?> rules) {
      for (Object each : rules) {
        if (each instanceof Map<?, ?> said
            && said.get(FIELDS) instanceof List<?> fields
            && fields.stream().anyMatch(field -> names(String.valueOf(field), name))) {
          lines.add(String.valueOf(said.get(RULE)));
        }
      }
    }
    if (!policy.vary().isEmpty() && name.equals("vary")) {
      lines.add(REDIRECTS);
    }
    return String.join(", ", lines);
  }

  private static boolean names(String field, String lower) {
    String name = field.startsWith("! ") ? field.substring(2) : field;
    return name.equalsIgnoreCase(lower);
  }

  /**
   * The answer is there.
   *
   * @param head its head, as far as it is the same for all; null when there is none
   * @param added fields that it gets besides: names and values in turn
   * @param error the category of what went wrong; null for nothing
   */
  static void answered(
      Explanation why, @Nullable ResponseHead head, List<String> added, @Nullable String error) {
    if (error != null) {
      why.note("error", error);
    }
    if (!why.edited()) {
      why.forget(HEADER_RULES); // for the path, but not for this answer
    }
    if (head != null) {
      why.note("status", head.status());
      why.change(head.with(added.toArray(new String[0])), Explained::atTheEnd);
    }
  }

  private static String atTheEnd(String name) {
    return isOfCache(name) ? ExplainedEdge.CACHE : Explanation.GATEWAY;
  }

  private static boolean isOfCache(String name) {
    return name.equals("age") || name.equals("cache-status") || name.equals("x-cache");
  }

  /** Scheme, host and, where it is not the scheme's default, port. */
  static String address(boolean tls, String host, int port) {
    String name = host.indexOf(':') >= 0 ? '[' + host + ']' : host;
    boolean usual = port == (tls ? 443 : 80);
    return (tls ? "https://" : "http://") + name + (usual ? "" : ":" + port);
  }

  /** An enum's value as documents have it. */
  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Says something unless there is nothing to say. */
  static void put(Map<String, Object> said, String name, @Nullable Object value) {
    if (value != null) {
      said.put(name, value);
    }
  }
}
