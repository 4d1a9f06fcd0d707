package dev.portico.gateway.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The behaviours of a site in their order: the first whose pattern matches counts, and the default
 * when none does. A look-up tries only patterns whose literal beginning is one of the path's.
 * Immutable.
 *
 * <p>These beginnings stand sorted. Those that the path begins with are all beginnings of the
 * greatest one that is not greater than the path, so that one binary search finds them.
 */
public final class Behaviours {
  private static final int NONE = -1;

  private final List<Behaviour> ordered;
  private final Behaviour otherwise;
  private final String[] starts;
  // For each start the longest other one that it begins with.
  private final int[] shorter;
  // For each start the behaviours whose patterns begin so, in their order.
  private final int[][] candidates;

  private Behaviours(List<Behaviour> ordered, Behaviour otherwise) {
    this.ordered = List.copyOf(ordered);
    this.otherwise = otherwise;
    TreeMap<String, List<Integer>> byStart = new TreeMap<>();
    for (int i = 0; i < ordered.size(); i++) {
      String literal = ordered.get(i).pattern().literalStart();
      byStart.computeIfAbsent(literal, start -> new ArrayList<>()).add(i);
    }
    this.starts = byStart.keySet().toArray(String[]::new);
    this.shorter = new int[starts.length];
    this.candidates = new int[starts.length][];
    int at = 0;
    for (Map.Entry<String, List<Integer>> each : byStart.entrySet()) {
      candidates[at] = each.getValue().stream().mapToInt(Integer::intValue).toArray();
      shorter[at] = longestStart(each.getKey(), at - 1);
      at++;
    }
  }

  /**
   * Behaviours in their order.
   *
   * @param ordered the first that matches counts
   * @param otherwise what holds when none does, whatever its pattern
   */
  public static Behaviours of(List<Behaviour> ordered, Behaviour otherwise) {
    return new Behaviours(ordered, otherwise);
  }

  /** The behaviour of a decoded path, which starts with a slash. */
  public Behaviour of(String path) {
    int found = Arrays.binarySearch(starts, path);
    int best = ordered.size();
    int start = longestStart(path, found >= 0 ? found : -found - 2);
    while (start != NONE) {
      best = first(candidates[start], best, path);
      start = shorter[start];
    }
    return best < ordered.size() ? ordered.get(best) : otherwise;
  }

  /** The longest start of a text, from this one downwards. */
  private int longestStart(String text, int from) {
    int at = from;
    while (at != NONE && !text.startsWith(starts[at])) {
      at = shorter[at];
    }
    return at;
  }

  /** The first of the candidates that matches, or the best so far. */
  private int first(int[] among, int best, String path) {
    for (int candidate : among) {
      if (candidate >= best) {
        return best;
      }
      if (ordered.get(candidate).pattern().matches(path)) {
        return candidate;
      }
    }
    return best;
  }

  /** In their order, without the default. */
  public List<Behaviour> ordered() {
    return ordered;
  }

  /** What holds where no pattern matches. */
  public Behaviour otherwise() {
    return otherwise;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Behaviours behaviours
        && ordered.equals(behaviours.ordered)
        && otherwise.equals(behaviours.otherwise);
  }

  @Override
  public int hashCode() {
    return 31 * ordered.hashCode() + otherwise.hashCode();
  }

  @Override
  public String toString() {
    return ordered + " else " + otherwise;
  }
}
