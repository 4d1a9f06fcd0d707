package dev.portico.gateway.routing.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers: which rules are for a path? Rules for one path stand in a hash map; those with a {@code
 * :name} or a star in a tree of segments, of which a path visits only the branches that fit.
 */
final class PathIndex {
  private final Map<String, RuleGroup> exact = new HashMap<>();
  private final Node root = new Node();
  private boolean patterns;

  /** A place in the tree: what has been read of a path so far. */
  private static final class Node {
    private final Map<String, Node> literal = new HashMap<>();
    private @Nullable Node any;
    private final RuleGroup ending = new RuleGroup();
    private final RuleGroup open = new RuleGroup();

    private Node child(@Nullable String segment) {
      if (segment != null) {
        return literal.computeIfAbsent(segment, text -> new Node());
      }
      Node child = any;
      if (child == null) {
        child = new Node();
        any = child;
      }
      return child;
    }
  }

  /**
   * Adds a rule under its number; numbers must grow.
   *
   * @param parameter one of the query that it wants, as {@code name=value}; null for none
   */
  void add(int number, IndexedPath path, @Nullable String parameter) {
    String literal = path.literal();
    if (literal != null) {
      exact.computeIfAbsent(literal, text -> new RuleGroup()).add(number, parameter);
      return;
    }
    patterns = true;
    Node node = root;
    for (String segment : path.segments()) {
      node = node.child(segment);
    }
    (path.open() ? node.open : node.ending).add(number, parameter);
  }

  /**
   * Adds the numbers of rules that are for a path to {@code found}, in no order.
   *
   * @param facts by whose query parameters rules are found; null where none wants any
   */
  void collect(String path, @Nullable RequestFacts facts, Numbers found) {
    RuleGroup group = exact.get(RulePath.withoutSlash(path));
    if (group != null) {
      group.collect(facts, found);
    }
    if (patterns) {
      collectPatterns(path, facts, found);
    }
  }

  /** Segment by segment, all that fits so far side by side: each place is visited once at most. */
  private void collectPatterns(String path, @Nullable RequestFacts facts, Numbers found) {
    List<Node> here = List.of(root);
    // One slash at the end makes no difference.
    int end = path.length() - (path.endsWith("/") ? 1 : 0);
    for (int start = 1; start <= end; ) {
      int slash = path.indexOf('/', start);
      int stop = slash < 0 || slash > end ? end : slash;
      String segment = path.substring(start, stop);
      List<Node> next = new ArrayList<>(2);
      for (Node node : here) {
        node.open.collect(facts, found);
        Node literal = node.literal.get(segment);
        if (literal != null) {
          next.add(literal);
        }
        Node any = node.any;
        if (any != null && !segment.isEmpty()) {
          next.add(any);
        }
      }
      here = next;
      if (here.isEmpty()) {
        return;
      }
      start = stop + 1;
    }
    for (Node node : here) {
      node.open.collect(facts, found);
      node.ending.collect(facts, found);
    }
  }
}
