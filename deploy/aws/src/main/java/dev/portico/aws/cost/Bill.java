package dev.portico.aws.cost;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lines of a month's bill, in USD. */
public final class Bill {
  /** Hours of a month. */
  static final double HOURS = 730;

  private final Map<String, Double> lines = new LinkedHashMap<>();

  Bill add(String line, double usd) {
    lines.merge(line, usd, Double::sum);
    return this;
  }

  /** The lines, in their order. */
  public Map<String, Double> lines() {
    return Map.copyOf(lines);
  }

  Map<String, Double> inOrder() {
    return lines;
  }

  /** Their sum. */
  public double total() {
    return lines.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
