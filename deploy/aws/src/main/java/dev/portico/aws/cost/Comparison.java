package dev.portico.aws.cost;

import static dev.portico.aws.cost.Bill.HOURS;

import java.util.Optional;

/** The bills for the same load. */
public final class Comparison {
  static final double SECONDS = HOURS * 3600;
  private static final double MILLION = 1_000_000;

  /** Bytes of a line of the gateway's access log with CloudWatch's own 26, about. */
  private static final double LOG_LINE = 520;

  /** How many times smaller a packed line is, about. */
  private static final double PACKED = 8;

  /** Months for which lines are kept: {@code accessLogDays} by default. */
  private static final double MONTHS_OF_LINES = 3;

  /** How often a copy of content-service reads the head of the feed, a second (docs/storage.md). */
  static final double HEADS_OF_FEED = 5;

  /** How often a copy of auth-service reads the head of the revocations, a second. */
  static final double HEADS_OF_REVOCATIONS = 4;

  /** Of one copy of content-service in a month: pending hosts, leases of schedules. */
  static final double OTHER_READS_OF_COPY = 0.1 * MILLION;

  /**
   * Of one gateway at the feed and at the revocations, of a copy of content-service at the latter,
   * a second; of a gateway at the feed besides with each change.
   */
  static final double POLLS = 1 / 3.0;

  /** Of the feed's head by a poll, which also writes the gateway's lease. */
  static final double READS_OF_POLL = 2;

  /** Of a site that changed, by each gateway. */
  static final double READS_OF_CHANGE = 4;

  /** Requests that come over one connection of a viewer. */
  private static final double REQUESTS_OF_CONNECTION = 10;

  /** Ways in which the gateway comes to an answer, of each of which requests are a metric. */
  static final double OUTCOMES = 8;

  /**
   * Of the many ways in which requests fail, each a metric in the hours in which it happens: about
   * so many do all the time.
   */
  static final double CAUSES = 8;

  /** What is taken from the logs. */
  static final double METRICS = 18 + OUTCOMES + CAUSES;

  /** What alarms look at, each for its price. */
  static final double ALARM_METRICS = 40;

  private static final double SECRETS = 4;

  /** Of a function that adds header fields or rewrites a path: 128 MB for 3 ms. */
  private static final double GB_SECONDS_OF_FUNCTION = 0.128 * 0.003;

  /**
   * What Container Insights tells: of the cluster, and of each of three services and families of
   * tasks.
   *
   * @see <a href="https://aws.amazon.com/cloudwatch/pricing/">CloudWatch's prices, example of
   *     Container Insights for ECS</a>
   */
  private static final double INSIGHTS_METRICS = 8 + 3 * (11 + 6);

  /** Bytes that it writes of a task and its containers in a minute, about. */
  private static final double INSIGHTS_LINES = 3000;

  /** Rules of edge/Shield: one of our own and three groups of AWS's. */
  private static final double FIREWALL_RULES = 4;

  private final Prices prices;
  private final Load load;
  private final Shape shape;

  /** Of that load. */
  public Comparison(Prices prices, Load load, Shape shape) {
    this.prices = prices;
    this.load = load;
    this.shape = shape;
  }

  /** Portico with viewers at its load balancer. */
  public Bill portico() {
    double paid = Math.max(0, load.gigabytes() - prices.of("egress-free-gb"));
    return common().add("data to viewers", paid * prices.of("egress-gb"));
  }

  /** Portico behind CloudFront, which keeps nothing. */
  public Bill porticoBehindCloudFront() {
    return cloudFront(common());
  }

  /**
   * S3 with CloudFront, CloudFront Functions and API Gateway. Such a function runs for a
   * millisecond at most, sees no body and asks nobody.
   */
  public Bill assembledWithSmallFunctions() {
    double paid = Math.max(0, load.edgeRequests() - prices.of("small-function-free-runs"));
    return assembled("CloudFront Functions", paid * prices.of("small-function-run"));
  }

  /** S3 with CloudFront, Lambda@Edge and API Gateway. */
  public Bill assembled() {
    return assembled(
        "Lambda@Edge",
        load.edgeRequests()
            * (prices.of("edge-function-request")
                + GB_SECONDS_OF_FUNCTION * prices.of("edge-function-gb-second")));
  }

  /**
   * S3 with CloudFront on a flat-rate plan, which firewall and CloudFront Functions are part of,
   * and API Gateway; empty where no plan is for as much. The credit for S3 that comes with a plan
   * is not taken off.
   */
  public Optional<Bill> assembledOnPlan() {
    return prices
        .planFor(load)
        .map(plan -> behind(new Bill().add("CloudFront: plan " + plan.name(), plan.price())));
  }

  private Bill assembled(String functions, double costOfFunctions) {
    return behind(firewall(cloudFront(new Bill())).add(functions, costOfFunctions));
  }

  /** With what CloudFront asks, in that account. */
  private Bill behind(Bill bill) {
    bill.add("API Gateway", load.apiRequests() * prices.of("api-request"));
    double files = load.publications() * load.files();
    bill.add(
        "S3",
        load.storedGigabytes() * prices.of("s3-gb")
            + load.misses() * prices.of("s3-get")
            + files * prices.of("s3-put"));
    // One pattern a publication, as most do.
    double paid = Math.max(0, load.publications() - prices.of("invalidation-free-paths"));
    return bill.add("invalidations", paid * prices.of("invalidation-path"));
  }

  private Bill firewall(Bill bill) {
    return shape.firewall()
        ? bill.add(
            "firewall",
            prices.of("firewall")
                + FIREWALL_RULES * prices.of("firewall-rule")
                + load.requests() * prices.of("firewall-request"))
        : bill;
  }

  private Bill cloudFront(Bill bill) {
    double gigabytes = Math.max(0, load.gigabytes() - prices.of("cloudfront-free-gb"));
    double requests = Math.max(0, load.requests() - prices.of("cloudfront-free-requests"));
    return bill.add("CloudFront: data", gigabytes * prices.of("cloudfront-gb"))
        .add("CloudFront: requests", requests * prices.of("cloudfront-request"));
  }

  /** What is the same whichever way viewers come. */
  private Bill common() {
    Bill bill = firewall(new Bill());
    double gateways = gateways();
    bill.add("gateway-service", gateways * task(shape.gatewayCpu(), shape.gatewayMemory()));
    bill.add(
        "content-service, auth-service",
        shape.inner() * task(shape.innerCpu(), shape.innerMemory()));
    bill.add("load balancer", balancer());
    bill.add(
        "NAT gateways",
        shape.natGateways() * HOURS * prices.of("nat-hour")
            + load.apiRequests() * 2e-6 * prices.of("nat-gb"));
    bill.add(
        "public addresses",
        (shape.zones() + shape.natGateways()) * HOURS * prices.of("address-hour"));
    bill.add("DynamoDB", table(gateways));
    double files = load.publications() * load.files();
    bill.add(
        "S3",
        load.storedGigabytes() * prices.of("s3-gb")
            + load.misses() * prices.of("s3-get")
            + files * prices.of("s3-put"));
    double minutes = (gateways + 2 * shape.inner()) * HOURS * 60;
    bill.add(
        "Container Insights",
        INSIGHTS_METRICS * prices.of("metric")
            + minutes * INSIGHTS_LINES / 1e9 * prices.of("log-gb"));
    double lines = load.requests() * LOG_LINE / 1e9;
    bill.add(
        "access log in S3",
        lines * prices.of("delivery-unpacked-gb")
            + lines / PACKED * (prices.of("delivery-gb") + MONTHS_OF_LINES * prices.of("s3-gb")));
    bill.add("logs", lines * prices.of("log-gb"));
    return bill.add(
        "metrics, alarms, secrets, key",
        METRICS * prices.of("metric")
            + ALARM_METRICS * prices.of("alarm")
            + prices.of("dashboard")
            + SECRETS * prices.of("secret")
            + prices.of("key"));
  }

  /** Tasks on average: those of the busiest hour are there for some hours of the day only. */
  double gateways() {
    double needed = load.requests() / SECONDS * (1 + (shape.peak() - 1) / 4);
    return Math.max(shape.gateways(), Math.ceil(needed / shape.requestsPerSecond()));
  }

  private double task(double cpu, double memory) {
    return HOURS * (cpu * prices.of("fargate-cpu-hour") + memory * prices.of("fargate-gb-hour"));
  }

  /** Its units are the largest of what it counts: new connections, and data. */
  private double balancer() {
    double connections = load.requests() / REQUESTS_OF_CONNECTION / SECONDS / 25;
    double data = load.gigabytes() / HOURS;
    return HOURS
        * (prices.of("balancer-hour")
            + Math.max(connections, data) * prices.of("balancer-unit-hour"));
  }

  /** Without sessions, which are read while people use them (docs/storage.md). */
  private double table(double gateways) {
    double copies = shape.inner();
    double polls = gateways * (POLLS * SECONDS + load.publications());
    double feed =
        copies * (HEADS_OF_FEED * SECONDS + OTHER_READS_OF_COPY)
            + polls * READS_OF_POLL
            + gateways * load.publications() * READS_OF_CHANGE;
    double revocations = SECONDS * (copies * HEADS_OF_REVOCATIONS + (gateways + copies) * POLLS);
    double reads = feed + revocations;
    double writes = polls + load.publications() * (20 + 2 * load.files());
    return reads * prices.of("table-read") + writes * prices.of("table-write");
  }
}
