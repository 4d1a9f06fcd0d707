package dev.portico.content.deployment.csp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects what files need, and writes the policy that allows it and nothing else. */
public final class PolicyBuilder {
  /** Findings that are told; the others are only missing from the list. */
  public static final int MOST_FINDINGS = 200;

  /** Different sources that are collected: far more than any policy can name. */
  static final int MOST_SOURCES = 2_000;

  /** Characters of them all, likewise. */
  static final int MOST_TEXT = 262_144;

  /** What comes from within a page would let anything run that gets into it. */
  private static final Set<Directive> NO_DATA =
      EnumSet.of(Directive.SCRIPT, Directive.STYLE, Directive.OBJECT, Directive.BASE);

  /** Where gateways take reports, at every host of a site (docs/publishing.md). */
  private static final String REPORTED = "; report-uri /.portico/csp-reports";

  private final int longest;
  private final Map<Directive, Map<String, Use>> uses = new EnumMap<>(Directive.class);
  private final Map<Found, Integer> findings = new LinkedHashMap<>();
  private final Set<String> ofThisFile = new HashSet<>();
  private int pages;
  private int styleSheets;
  private int sources;
  private int text;
  private boolean complete = true;

  private record Found(String path, Finding.Kind kind) {}

  private static final class Use {
    private final String path;
    private int files;

    private Use(String path) {
      this.path = path;
    }
  }

  /**
   * A policy that allows a site its own files.
   *
   * @param longest how long a policy a response may carry, in bytes
   */
  public PolicyBuilder(int longest) {
    this.longest = longest;
  }

  void page() {
    pages++;
    ofThisFile.clear();
  }

  void styleSheet() {
    styleSheets++;
    ofThisFile.clear();
  }

  /** A file is not looked at, so that what it needs is not in the policy. */
  public void leaveOut(String path) {
    complete = false;
    find(path, Finding.Kind.LEFT_OUT);
  }

  /**
   * The file that is looked at now loads a URL.
   *
   * @param relative the source that a relative URL has
   * @return the source, also when it is not in the policy; null for none
   */
  @Nullable String load(Directive directive, String url, String relative, String path) {
    if (url.isBlank() || url.startsWith("#")) {
      // A fragment is a part of the page itself.
      return null;
    }
    String source = Source.of(url);
    if (source == null) {
      if (Source.namesHost(url)) {
        complete = false;
        find(path, Finding.Kind.UNREADABLE_URL);
      }
      return null;
    }
    if (source.endsWith(":") && NO_DATA.contains(directive)) {
      find(path, Finding.Kind.DATA_URL);
      return source;
    }
    if (source.startsWith("http:")) {
      find(path, Finding.Kind.CLEAR_TEXT);
    }
    String needed = source.equals(Source.SELF) ? relative : source;
    need(directive, needed, path);
    return needed;
  }

  /** The file that is looked at now needs a source. */
  void need(Directive directive, String source, String path) {
    if (!ofThisFile.add(directive.label() + ' ' + source)) {
      return;
    }
    Map<String, Use> of = uses.computeIfAbsent(directive, d -> new TreeMap<>());
    Use use = of.get(source);
    if (use == null) {
      if (sources == MOST_SOURCES || text + source.length() > MOST_TEXT) {
        complete = false;
        return;
      }
      sources++;
      text += source.length();
      use = new Use(path);
      of.put(source, use);
    }
    use.files++;
  }

  void find(String path, Finding.Kind kind) {
    Found found = new Found(path, kind);
    if (findings.size() < MOST_FINDINGS || findings.containsKey(found)) {
      findings.merge(found, 1, Integer::sum);
    }
  }

  /** What was collected. */
  public ComputedPolicy build() {
    List<UsedSource> used = new ArrayList<>();
    uses.forEach(
        (directive, of) ->
            of.forEach(
                (source, use) -> {
                  if (!source.equals(Source.SELF)) {
                    used.add(new UsedSource(directive.label(), source, use.files, use.path));
                  }
                }));
    String policy = policy();
    return new ComputedPolicy(
        policy,
        policy + REPORTED,
        policy.length(),
        policy.length() <= longest,
        complete,
        pages,
        styleSheets,
        used,
        findings.entrySet().stream()
            .map(e -> new Finding(e.getKey().path(), e.getKey().kind(), e.getValue()))
            .toList());
  }

  private String policy() {
    StringBuilder policy = new StringBuilder("default-src ").append(Source.SELF);
    for (Directive directive : Directive.values()) {
      Set<String> of = uses.getOrDefault(directive, Map.of()).keySet();
      switch (directive) {
        // Nothing embeds plugins any more, and forms and <base> have no fallback to default-src.
        case OBJECT -> append(policy, directive, of, of.isEmpty() ? "'none'" : "");
        case FORM, BASE -> append(policy, directive, of, Source.SELF);
        case STYLE_ATTRIBUTE -> {
          if (!of.isEmpty()) {
            append(policy, directive, of, "");
          }
        }
        default -> {
          if (!of.isEmpty() && !of.equals(Set.of(Source.SELF))) {
            append(policy, directive, of, Source.SELF);
          }
        }
      }
    }
    return policy.append("; frame-ancestors ").append(Source.SELF).toString();
  }

  private static void append(
      StringBuilder policy, Directive directive, Set<String> sources, String first) {
    policy.append("; ").append(directive.label());
    if (!first.isEmpty()) {
      policy.append(' ').append(first);
    }
    for (String source : sources) {
      if (!source.equals(first)) {
        policy.append(' ').append(source);
      }
    }
  }
}
