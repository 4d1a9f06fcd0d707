package dev.portico.aws.cost;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The table of prices, of one region, in USD.
 *
 * @param date when they were compared with their sources
 * @param items by name
 * @param plans CloudFront's flat-rate plans, the cheapest first
 */
public record Prices(String date, Map<String, Item> items, List<Plan> plans) {
  private static final String TABLE = "prices.yml";

  /**
   * One price.
   *
   * @param price in USD, or a free amount
   * @param unit of what
   * @param source where it was seen, or can be compared
   * @param confirm whether no page of AWS's own at hand showed it
   */
  public record Item(double price, String unit, String source, boolean confirm) {}

  /**
   * A flat-rate plan of CloudFront: one price a month for one distribution, whatever passes.
   *
   * @param name as AWS has it; of Premium with its step
   * @param price in USD a month
   * @param requests that it is for, a month
   * @param gigabytes that it is for, a month
   * @param source where it was seen
   * @param confirm whether no page of AWS's own at hand showed it
   */
  public record Plan(
      String name,
      double price,
      double requests,
      double gigabytes,
      String source,
      boolean confirm) {}

  /** Those of prices.yml. */
  public static Prices read() {
    try (InputStream table = Prices.class.getResourceAsStream(TABLE)) {
      Map<String, Object> document =
          new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(table));
      Map<String, Item> items = new TreeMap<>();
      Map<?, ?> rows = (Map<?, ?>) Objects.requireNonNull(document.get("items"));
      rows.forEach((name, row) -> items.put(String.valueOf(name), item((Map<?, ?>) row)));
      List<Plan> plans =
          ((List<?>) Objects.requireNonNull(document.get("plans")))
              .stream().map(row -> plan((Map<?, ?>) row)).toList();
      return new Prices(day(document), items, plans);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String day(Map<String, Object> document) {
    Object date = Objects.requireNonNull(document.get("date"));
    return date instanceof Date day
        ? day.toInstant().toString().substring(0, "2026-01-01".length())
        : date.toString();
  }

  private static Plan plan(Map<?, ?> row) {
    return new Plan(
        String.valueOf(row.get("name")),
        number(row, "price"),
        number(row, "requests"),
        number(row, "gigabytes"),
        String.valueOf(row.get("source")),
        Boolean.TRUE.equals(row.get("confirm")));
  }

  private static double number(Map<?, ?> row, String name) {
    return ((Number) Objects.requireNonNull(row.get(name))).doubleValue();
  }

  private static Item item(Map<?, ?> row) {
    return new Item(
        number(row, "price"),
        String.valueOf(row.get("unit")),
        String.valueOf(row.get("source")),
        Boolean.TRUE.equals(row.get("confirm")));
  }

  /** The cheapest plan that is for as much; empty where none is. */
  Optional<Plan> planFor(Load load) {
    return plans.stream()
        .filter(plan -> load.requests() <= plan.requests() && load.gigabytes() <= plan.gigabytes())
        .findFirst();
  }

  /** The price of that name. */
  double of(String name) {
    Item item = items.get(name);
    if (item == null) {
      throw new IllegalArgumentException("there is no price " + name);
    }
    return item.price();
  }
}
