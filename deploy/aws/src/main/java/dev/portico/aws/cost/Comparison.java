package dev.portico.aws.cost;

import static dev.portico.aws.cost.Bill.HOURS;

/** The three bills for the same load. */
public final class Comparison {
  private static final double SECONDS = HOURS * 3600;
  private static final double MILLION = 1_000_000;

  /** Bytes of a line of the gateway's access log with CloudWatch's own 26, about. */
  private static final double LOG_LINE = 520;

  /** Of one gateway: its polls and its lease in a month (docs/storage.md). */
  private static final double READS_OF_GATEWAY = 0.86 * MILLION;

  private static final double READS_OF_COPY = 13.06 * MILLION;

  /** Requests that come over one connection of a viewer. */
  private static final double REQUESTS_OF_CONNECTION = 10;

  private static final double METRICS = 25;
  private static final double ALARM_METRICS = 35;
  private static final double SECRETS = 4;

  /** Of a function that adds header fields or rewrites a path: 128 MB for 3 ms. */
  private static final double GB_SECONDS_OF_FUNCTION = 0.128 * 0.003;

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

  /** S3 with CloudFront, Lambda@Edge and API Gateway. */
  public Bill assembled() {
    Bill bill = cloudFront(new Bill());
    bill.add(
        "Lambda@Edge",
        load.edgeRequests()
            * (prices.of("edge-function-request")
                + GB_SECONDS_OF_FUNCTION * prices.of("edge-function-gb-second")));
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

  private Bill cloudFront(Bill bill) {
    double gigabytes = Math.max(0, load.gigabytes() - prices.of("cloudfront-free-gb"));
    double requests = Math.max(0, load.requests() - prices.of("cloudfront-free-requests"));
    return bill.add("CloudFront: data", gigabytes * prices.of("cloudfront-gb"))
        .add("CloudFront: requests", requests * prices.of("cloudfront-request"));
  }

  /** What is the same whichever way viewers come. */
  private Bill common() {
    Bill bill = new Bill();
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
    bill.add("logs", load.requests() * LOG_LINE / 1e9 * prices.of("log-gb"));
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

  private double table(double gateways) {
    double reads = shape.inner() * READS_OF_COPY + gateways * READS_OF_GATEWAY;
    double writes = gateways * READS_OF_GATEWAY + load.publications() * (20 + 2 * load.files());
    return reads * prices.of("table-read") + writes * prices.of("table-write");
  }
}
