package dev.portico.gateway.routing.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a deployment's {@code _headers}, compiled: all that are for a path count, in order.
 * Only those whose path begins as the request's does, up to the star, are looked at. Immutable.
 */
public final class HeaderRules {
  /** Of a deployment without any. */
  public static final HeaderRules NONE = new HeaderRules(List.of());

  private final Compiled[] rules;
  private final PathIndex everywhere = new PathIndex();
  private final Map<String, PathIndex> byHost = new HashMap<>();
  private final long footprint;

  private record Value(String name, @Nullable Template template) {}

  /** A rule with what it comes to where no part of a path is put in; null when some is. */
  private record Compiled(
      HeaderRule rule, HeaderPattern pattern, List<Value> values, @Nullable FieldEdits fixed) {
    static Compiled of(HeaderRule rule) {
      HeaderPattern pattern = new HeaderPattern(rule.path());
      Set<String> names = pattern.names();
      List<Value> values = new ArrayList<>();
      boolean fixed = true;
      for (HeaderRule.Field field : rule.fields()) {
        String value = field.value();
        Template template = value == null ? null : Template.of(value, 0, names);
        fixed &= template == null || template.fixed();
        values.add(new Value(field.name(), template));
      }
      return new Compiled(
          rule, pattern, values, fixed ? new FieldEdits(edits(values, Map.of())) : null);
    }

    /** Whether no name is there twice: removed, and set again. */
    boolean once() {
      return values.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).distinct().count()
          == values.size();
    }

    FieldEdits edits(String path) {
      return fixed == null ? new FieldEdits(edits(values, pattern.values(path))) : fixed;
    }

    private static List<FieldEdits.Edit> edits(List<Value> values, Map<String, String> parts) {
      List<FieldEdits.Edit> edits = new ArrayList<>();
      for (Value each : values) {
        Template template = each.template();
        String value = template == null ? null : template.expand(parts);
        // What would be too long is left out; without a template it is a removal.
        if (template == null || value != null) {
          edits.add(new FieldEdits.Edit(each.name(), value));
        }
      }
      return List.copyOf(edits);
    }
  }

  private HeaderRules(List<HeaderRule> ordered) {
    this.rules = ordered.stream().map(Compiled::of).toArray(Compiled[]::new);
    long bytes = 0;
    for (int i = 0; i < rules.length; i++) {
      String host = rules[i].rule().host();
      PathIndex index =
          host == null ? everywhere : byHost.computeIfAbsent(host, text -> new PathIndex());
      index.add(i, rules[i].pattern(), null);
      bytes += 1_000;
      for (HeaderRule.Field field : rules[i].rule().fields()) {
        String value = field.value();
        bytes += 300 + 3L * (value == null ? 0 : value.length());
      }
    }
    this.footprint = bytes;
  }

  /** Rules in the order of their lines. */
  public static HeaderRules of(List<HeaderRule> ordered) {
    return ordered.isEmpty() ? NONE : new HeaderRules(ordered);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return rules.length == 0;
  }

  /** About what they keep in memory, in bytes. */
  public long footprint() {
    return footprint;
  }

  /**
   * What is changed about responses to a path.
   *
   * @param host the host asked for, in lower case
   * @param path the decoded path asked for
   */
  public FieldEdits edits(String host, String path) {
    if (rules.length == 0) {
      return FieldEdits.NONE;
    }
    Numbers numbers = candidates(host, path);
    int[] sorted = numbers.sorted();
    FieldEdits only = null;
    Map<String, FieldEdits.Edit> merged = null;
    for (int i = 0; i < numbers.size(); i++) {
      Compiled rule = rules[sorted[i]];
      if (!rule.pattern().matches(path)) {
        continue;
      }
      if (only == null && merged == null && rule.once()) {
        only = rule.edits(path);
      } else {
        Map<String, FieldEdits.Edit> all = merged == null ? byName(only) : merged;
        rule.edits(path).edits().forEach(edit -> merge(all, edit));
        merged = all;
      }
    }
    if (merged != null) {
      return new FieldEdits(List.copyOf(merged.values()));
    }
    return only == null ? FieldEdits.NONE : only;
  }

  /** The numbers of all rules that are looked at for a path. */
  Numbers candidates(String host, String path) {
    Numbers numbers = new Numbers();
    String folded = HeaderPattern.folded(path);
    everywhere.collect(folded, null, numbers);
    PathIndex own = byHost.isEmpty() ? null : byHost.get(host);
    if (own != null) {
      own.collect(folded, null, numbers);
    }
    return numbers;
  }

  /**
   * The rules that {@link #edits} are made of, in order, for whoever asks why.
   *
   * @param host the host asked for, in lower case
   * @param path the decoded path asked for
   */
  public List<HeaderRule> matching(String host, String path) {
    List<HeaderRule> all = new ArrayList<>();
    Numbers numbers = candidates(host, path);
    int[] sorted = numbers.sorted();
    for (int i = 0; i < numbers.size(); i++) {
      if (rules[sorted[i]].pattern().matches(path)) {
        all.add(rules[sorted[i]].rule());
      }
    }
    return List.copyOf(all);
  }

  private static Map<String, FieldEdits.Edit> byName(@Nullable FieldEdits edits) {
    Map<String, FieldEdits.Edit> merged = new LinkedHashMap<>();
    if (edits != null) {
      edits.edits().forEach(edit -> merge(merged, edit));
    }
    return merged;
  }

  /**
   * What several rules set is joined to one field, as long as that is not too long; a removal
   * forgets what was set before it.
   */
  private static void merge(Map<String, FieldEdits.Edit> merged, FieldEdits.Edit edit) {
    String name = edit.name().toLowerCase(Locale.ROOT);
    FieldEdits.Edit earlier = merged.get(name);
    if (earlier != null && earlier.value() != null && edit.value() != null) {
      String joined = earlier.value() + ", " + edit.value();
      if (joined.length() <= Template.LONGEST) {
        merged.put(name, new FieldEdits.Edit(earlier.name(), joined));
      }
    } else {
      merged.put(name, edit);
    }
  }
}
