package dev.portico.aws.cost;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * {@code deploy/cost}: prints the three bills and says which is the least, and what it leaves out.
 */
public final class Cost {
  private static final Map<String, Double> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("requests", 10_000_000.0);
    DEFAULTS.put("gb", 200.0);
    DEFAULTS.put("misses", 500_000.0);
    DEFAULTS.put("api", 1_000_000.0);
    DEFAULTS.put("edge", 10_000_000.0);
    DEFAULTS.put("publications", 300.0);
    DEFAULTS.put("files", 200.0);
    DEFAULTS.put("sites", 10.0);
    DEFAULTS.put("stored-gb", 20.0);
  }

  private Cost() {}

  /** Prints them for the month that the arguments describe. */
  @SuppressWarnings("SystemOut") // read by a person at the command line
  public static void main(String[] arguments) {
    try {
      System.out.print(report(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("cost: " + e.getMessage());
      System.exit(2);
    }
  }

  /** The report for such arguments. */
  static String report(String... arguments) {
    Map<String, Double> numbers = new LinkedHashMap<>(DEFAULTS);
    Shape shape = Shape.small();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value; " + usage());
      }
      if (name.equals("shape")) {
        shape = shape(arguments[i + 1]);
      } else if (numbers.containsKey(name) && arguments[i].startsWith("--")) {
        numbers.put(name, number(arguments[i], arguments[i + 1]));
      } else {
        throw new IllegalArgumentException("there is no option " + arguments[i] + "; " + usage());
      }
    }
    return report(Prices.read(), load(numbers), shape);
  }

  private static String usage() {
    return "options are --shape small|production and --"
        + String.join(" N, --", DEFAULTS.keySet())
        + " N";
  }

  private static Shape shape(String name) {
    return switch (name) {
      case "small" -> Shape.small();
      case "production" -> Shape.production();
      default -> throw new IllegalArgumentException("--shape is small or production, not " + name);
    };
  }

  private static double number(String option, String text) {
    try {
      double number = Double.parseDouble(text);
      if (number >= 0 && number <= 1e15) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as of a number that is out of bounds.
    }
    throw new IllegalArgumentException(option + " must be a number from 0 to 1e15, and is " + text);
  }

  private static Load load(Map<String, Double> numbers) {
    ToDoubleFunction<String> of = name -> Objects.requireNonNull(numbers.get(name));
    return new Load(
        of.applyAsDouble("requests"),
        of.applyAsDouble("gb"),
        of.applyAsDouble("misses"),
        of.applyAsDouble("api"),
        of.applyAsDouble("edge"),
        of.applyAsDouble("publications"),
        of.applyAsDouble("files"),
        of.applyAsDouble("sites"),
        of.applyAsDouble("stored-gb"));
  }

  private static String report(Prices prices, Load load, Shape shape) {
    Comparison comparison = new Comparison(prices, load, shape);
    Map<String, Bill> bills = new LinkedHashMap<>();
    bills.put("Portico", comparison.portico());
    bills.put("Portico behind CloudFront", comparison.porticoBehindCloudFront());
    bills.put("S3 + CloudFront + Lambda@Edge + API Gateway", comparison.assembled());
    StringBuilder text = new StringBuilder("USD a month, us-east-1, prices of ");
    text.append(prices.date()).append("\n");
    String least = "";
    double total = Double.MAX_VALUE;
    for (Map.Entry<String, Bill> each : bills.entrySet()) {
      print(text, each.getKey(), each.getValue());
      if (each.getValue().total() < total) {
        total = each.getValue().total();
        least = each.getKey();
      }
    }
    text.append("\nLeast: ").append(least).append("\n\n");
    text.append(remarks(prices));
    return text.toString();
  }

  private static void print(StringBuilder text, String title, Bill bill) {
    text.append("\n").append(title).append("\n");
    bill.inOrder()
        .forEach(
            (line, usd) -> text.append(String.format(Locale.ROOT, "  %-32s %10.2f%n", line, usd)));
    text.append(String.format(Locale.ROOT, "  %-32s %10.2f%n", "in all", bill.total()));
  }

  private static String remarks(Prices prices) {
    long unconfirmed = prices.items().values().stream().filter(Prices.Item::confirm).count();
    return """
    CloudFront is free up to 1 TB and 10 million requests a month, and answers from hundreds of places; Portico's load balancer
    answers from one region, and its tasks cost the same without a viewer. So for little traffic the other is cheaper, nearly free.
    In front of Portico CloudFront replaces 0.09 USD a GB by 0.085, the first TB by nothing, and costs its requests.
    Left out: Cognito (the same for both), taxes, support, savings plans, the discount for large volumes (both get one), people.
    %d of %d prices are to be confirmed: deploy/aws/src/main/resources/dev/portico/aws/cost/prices.yml says which.
    """
        .formatted(unconfirmed, prices.items().size());
  }
}
