package dev.portico.aws.cost;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** {@code deploy/cost}: prints the bills and says which is the least, and what it leaves out. */
public final class Cost {
  /** What is not there where no plan is for as much. */
  static final String ON_PLAN =
      "S3 + CloudFront on a flat-rate plan + CloudFront Functions + API Gateway";

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
    DEFAULTS.put("site-gb", 2.0);
  }

  private static final Map<String, String> MEANINGS = new LinkedHashMap<>();

  static {
    MEANINGS.put("requests", "requests of viewers");
    MEANINGS.put("gb", "GB that viewers get");
    MEANINGS.put("misses", "of these, those that no cache answers");
    MEANINGS.put("api", "of these, those for an API behind the sites");
    MEANINGS.put("edge", "of these, those that a function looks at");
    MEANINGS.put("publications", "publications of sites");
    MEANINGS.put("files", "files that a publication changes");
    MEANINGS.put("sites", "sites");
    MEANINGS.put("site-gb", "GB of files of each, with the deployments that are kept");
  }

  private Cost() {}

  /** The month that is asked for. */
  private record Question(Load load, Shape shape) {}

  /** Prints them for the month that the arguments describe. */
  @SuppressWarnings("SystemOut") // read by a person at the command line
  public static void main(String[] arguments) {
    try {
      boolean asks = List.of(arguments).contains("--help") || List.of(arguments).contains("-h");
      System.out.print(asks ? help() : report(arguments));
    } catch (IllegalArgumentException e) {
      System.err.println("cost: " + e.getMessage());
      System.exit(2);
    }
  }

  /** The report for such arguments. */
  static String report(String... arguments) {
    Prices prices = Prices.read();
    return report(prices, bills(prices, question(arguments)));
  }

  /** The bills for such arguments, by what is billed. */
  static Map<String, Bill> bills(String... arguments) {
    return bills(Prices.read(), question(arguments));
  }

  private static Map<String, Bill> bills(Prices prices, Question question) {
    Comparison comparison = new Comparison(prices, question.load(), question.shape());
    Map<String, Bill> bills = new LinkedHashMap<>();
    bills.put("Portico", comparison.portico());
    bills.put("Portico behind CloudFront", comparison.porticoBehindCloudFront());
    bills.put(
        "S3 + CloudFront + CloudFront Functions + API Gateway",
        comparison.assembledWithSmallFunctions());
    comparison.assembledOnPlan().ifPresent(bill -> bills.put(ON_PLAN, bill));
    bills.put("S3 + CloudFront + Lambda@Edge + API Gateway", comparison.assembled());
    return bills;
  }

  private static Question question(String... arguments) {
    Map<String, Double> numbers = new LinkedHashMap<>(DEFAULTS);
    Shape shape = Shape.small();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i].replaceFirst("^--", "");
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(arguments[i] + " needs a value; " + usage());
      }
      if (name.equals("shape")) {
        shape = shape(arguments[i + 1]).firewall(shape.firewall());
      } else if (name.equals("firewall")) {
        shape = shape.firewall(firewall(arguments[i + 1]));
      } else if (numbers.containsKey(name) && arguments[i].startsWith("--")) {
        numbers.put(name, number(arguments[i], arguments[i + 1]));
      } else {
        throw new IllegalArgumentException("there is no option " + arguments[i] + "; " + usage());
      }
    }
    return new Question(load(numbers), shape);
  }

  /** What there is to say, and what is supposed where it is not said. */
  static String help() {
    StringBuilder help =
        new StringBuilder(
            """
            deploy/cost [--shape small|production] [--firewall yes|no] [--OPTION N ...]

            What a month costs on AWS: of Portico, and of S3 + CloudFront with functions at the edge and API Gateway for the same.

              --shape         of the example that is deployed (docs/aws.md); default: small
              --firewall      whether WAF stands before it; default: as the shape has it
            """);
    MEANINGS.forEach(
        (name, meaning) ->
            help.append(
                "  --%-13s %s; default: %,.0f\n"
                    .formatted(name, meaning, Objects.requireNonNull(DEFAULTS.get(name)))));
    return help.append("\nNumbers may be written like 50e6.\n").toString();
  }

  private static String usage() {
    return "options are --shape small|production, --firewall yes|no and --"
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

  private static boolean firewall(String wanted) {
    return switch (wanted) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new IllegalArgumentException("--firewall is yes or no, not " + wanted);
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
        of.applyAsDouble("site-gb"));
  }

  private static String report(Prices prices, Map<String, Bill> bills) {
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
    if (!bills.containsKey(ON_PLAN)) {
      Prices.Plan most = prices.plans().getLast();
      text.append(
          "No flat-rate plan of CloudFront is for as much: the largest, %s, has %,.0f requests and %,.0f GB.%n"
              .formatted(most.name(), most.requests(), most.gigabytes()));
    }
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
    List<String> unconfirmed =
        prices.items().entrySet().stream()
            .filter(item -> item.getValue().confirm())
            .map(Map.Entry::getKey)
            .toList();
    List<Prices.Plan> plans = prices.plans().stream().filter(Prices.Plan::confirm).toList();
    return """
    CloudFront is free up to 1 TB and 10 million requests a month, and answers from hundreds of places; Portico's load balancer
    answers from one region, and its tasks cost the same without a viewer. So for little traffic the other is cheaper, nearly free.
    In front of Portico CloudFront replaces 0.09 USD a GB by 0.085, the first TB by nothing, and costs its requests.
    A flat-rate plan is for one distribution with one apex domain, and slows down what is beyond it. Portico's own front is on none: it leads to sites,
    API and own domains of sites, which are two apex domains or more, and it keeps nothing, so that the tasks behind it cost the same. A site that has S3 and
    CloudFront to itself may be on one: with many gigabytes to a request nothing else comes near.
    CloudFront Functions do for header fields, redirects and rewrites; whatever takes more than a millisecond, reads a body or asks somebody needs Lambda@Edge.
    Left out: Cognito (the same for both), data between zones (0.01 USD a GB each way), images in ECR (0.10 USD a GB), what plans give for S3 and DNS, taxes, support, savings plans, the discount for large volumes (both get one), people.
    %d of %d prices are to be confirmed, since no page of AWS's own at hand showed them: %s.
    Where each was seen: deploy/aws/src/main/resources/dev/portico/aws/cost/prices.yml.
    """
        .formatted(
            unconfirmed.size() + plans.size(),
            prices.items().size() + prices.plans().size(),
            String.join(", ", unconfirmed) + (plans.isEmpty() ? "" : ", plans"));
  }
}
