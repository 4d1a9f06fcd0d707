package dev.portico.content.deployment.rules;

import static dev.portico.content.deployment.rules.RuleFile.quoted;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code _headers}: a path, and under it {@code Name: value} lines, as Netlify's
 * headers-parser does, and Cloudflare's {@code ! Name}.
 */
final class HeadersFile {
  private static final String FILE = "_headers";

  private final List<HeaderRule> rules = new ArrayList<>();
  private RuleFile.@Nullable Line path;
  // By name in lower case: a name that is there twice becomes one field.
  private final Map<String, Mentions> fields = new LinkedHashMap<>();
  private Set<String> names = Set.of();
  private int characters;
  private boolean blocked;

  /** What the lines under a path say about one name: removed before, and what is set then. */
  private static final class Mentions {
    private @Nullable String removed;
    private final List<HeaderRule.Field> set = new ArrayList<>();
    private int characters;
    private int placeholders;

    /** A removal stays before what is set later: rules before this one may have set the field. */
    void addTo(List<HeaderRule.Field> edits) {
      if (removed != null) {
        edits.add(new HeaderRule.Field(removed, null));
      }
      if (!set.isEmpty()) {
        List<String> values = new ArrayList<>();
        set.forEach(each -> values.add(String.valueOf(each.value())));
        edits.add(new HeaderRule.Field(set.getFirst().name(), String.join(", ", values)));
      }
    }
  }

  private HeadersFile() {}

  static List<HeaderRule> parse(byte[] bytes, RuleFaults faults) {
    HeadersFile file = new HeadersFile();
    for (RuleFile.Line line : RuleFile.lines(FILE, bytes, faults)) {
      if (file.rules.size() == RuleLimits.HEADERS) {
        faults.add(FILE, line.number(), "more than " + RuleLimits.HEADERS + " rules");
        return file.rules;
      }
      try {
        file.add(line);
      } catch (RuleRejected e) {
        faults.add(FILE, line.number(), e.reason());
      }
    }
    file.finishRule();
    return file.rules;
  }

  private void add(RuleFile.Line line) {
    String text = line.text();
    if (text.startsWith("/") || RulePaths.isUrl(text)) {
      finishRule();
      blocked = true;
      names = HeaderPath.check(text);
      blocked = false;
      path = line;
    } else if (text.startsWith("!")) {
      addRemoval(text.substring(1).strip());
    } else {
      addField(text);
    }
  }

  private void addRemoval(String name) {
    requirePath();
    HeaderNames.checkRemoval(name);
    Mentions removal = new Mentions();
    removal.removed = name;
    removal.characters = name.length();
    Mentions before = fields.put(key(name), removal);
    characters += name.length() - (before == null ? 0 : before.characters);
  }

  private void addField(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new RuleRejected(
          quoted(text) + " is neither a path, which starts with \"/\", nor a header, Name: value");
    }
    requirePath();
    String name = text.substring(0, colon).strip();
    String value = text.substring(colon + 1).strip();
    HeaderNames.checkField(name, value);
    Mentions of = fields.computeIfAbsent(key(name), each -> new Mentions());
    int more = value.length() + (of.set.isEmpty() ? name.length() : ", ".length());
    int placeholders = RulePaths.placeholders(value, names);
    if (of.placeholders + placeholders > RuleLimits.PLACEHOLDERS) {
      throw new RuleRejected(name + " has more than " + RuleLimits.PLACEHOLDERS + " placeholders");
    }
    if (of.characters + more > RuleLimits.FIELD) {
      throw new RuleRejected(name + " has more than " + RuleLimits.FIELD + " characters");
    }
    if (characters + more > RuleLimits.FIELDS) {
      throw new RuleRejected(
          "the fields of this path have more than " + RuleLimits.FIELDS + " characters");
    }
    of.placeholders += placeholders;
    of.characters += more;
    characters += more;
    of.set.add(new HeaderRule.Field(name, value));
  }

  /** A header whose path is at fault is not itself at fault. */
  private void requirePath() {
    if (path == null && !blocked) {
      throw new RuleRejected("a header stands before any path");
    }
  }

  private void finishRule() {
    RuleFile.Line of = path;
    List<HeaderRule.Field> edits = new ArrayList<>();
    fields.values().forEach(each -> each.addTo(edits));
    if (of != null && !edits.isEmpty()) {
      RulePaths.Address address = RulePaths.address(of.text());
      String authority = address.authority();
      rules.add(
          new HeaderRule(
              of.number(),
              authority == null ? null : RulePaths.host(authority),
              address.path(),
              edits));
    }
    path = null;
    names = Set.of();
    characters = 0;
    fields.clear();
  }

  private static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
