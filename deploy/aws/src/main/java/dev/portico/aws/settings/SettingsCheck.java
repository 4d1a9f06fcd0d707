package dev.portico.aws.settings;

import dev.portico.aws.settings.Settings.Egress;
import dev.portico.aws.settings.Settings.Network;
import dev.portico.aws.settings.Settings.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What settings must be to one another. */
final class SettingsCheck {
  /** Days for which CloudWatch keeps logs; no others are possible. */
  static final Set<Integer> LOG_DAYS =
      Set.of(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653);

  /**
   * Least processor units of a task: Service Connect's agent in it is to have 256 of them, by AWS's
   * recommendation.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html">Service
   *     Connect's components</a>
   */
  private static final int LEAST_CPU = 512;

  /**
   * Rules of a security group that let out, of which AWS has 60: content-service, auth-service and
   * Cognito take five.
   */
  private static final int MOST_ORIGIN_PORTS = 50;

  /** The only region in which accounts have two availability zones. */
  private static final String OF_TWO_ZONES = "us-west-1";

  private final List<Problem> problems = new ArrayList<>();

  private SettingsCheck() {}

  static List<Problem> problems(Settings settings) {
    SettingsCheck check = new SettingsCheck();
    check.problems.addAll(DomainsCheck.problems(settings));
    check.network(settings.network());
    if (settings.region().equals(OF_TWO_ZONES) && settings.network().zones() > 2) {
      check.problem("network.zones", "must be 2: " + OF_TWO_ZONES + " gives an account no more");
    }
    check.mail(settings.accounts());
    check.wayOut(settings);
    check.size("gateway", settings.gateway().size());
    check.size("content", settings.content());
    check.size("auth", settings.auth());
    if (settings.traces() != null && settings.network().egress() == Egress.ENDPOINTS) {
      check.problem(
          "traces", "need network.egress nat: the collector's image is in AWS's public registry");
    }
    if (!LOG_DAYS.contains(settings.logDays())) {
      check.problem(
          "logDays",
          "CloudWatch keeps logs for one of "
              + LOG_DAYS.stream().sorted().toList()
              + " days, not for "
              + settings.logDays());
    }
    return check.problems;
  }

  /** The CDK takes no other, and neither does SES without another identity. */
  private void mail(Settings.Accounts accounts) {
    String from = accounts.mailFrom();
    String domain = accounts.mailDomain();
    if (from != null && domain != null && !from.endsWith("@" + domain)) {
      problem("accounts.mail.from", "must be an address of " + domain + ", and is " + from);
    }
  }

  private void network(Network network) {
    int bits = Integer.parseInt(network.cidr().substring(network.cidr().indexOf('/') + 1));
    String exact = network(network.cidr(), bits);
    if (!exact.equals(network.cidr())) {
      // The VPC would be made of other addresses than the rules of security groups.
      problem(
          "network.cidr",
          network.cidr() + " has bits behind its mask; the network with that address is " + exact);
    }
    // Two subnets of 24 bits a zone.
    if (1 << (24 - bits) < 2 * network.zones()) {
      problem("network.cidr", "is too small for " + network.zones() + " zones: " + network.cidr());
    }
    if (network.originPorts().size() > MOST_ORIGIN_PORTS) {
      problem(
          "network.originPorts",
          "has "
              + network.originPorts().size()
              + " ports; a security group has room for "
              + MOST_ORIGIN_PORTS);
    }
    if (network.egress() == Egress.ENDPOINTS && network.natGateways() > 0) {
      problem("network.natGateways", "must be 0 with network.egress endpoints");
    }
    if (network.egress() == Egress.NAT
        && (network.natGateways() < 1 || network.natGateways() > network.zones())) {
      problem(
          "network.natGateways",
          "must be from 1 to network.zones (" + network.zones() + ") with network.egress nat");
    }
  }

  /** The network of {@code bits} that the address of {@code cidr} is in. */
  private static String network(String cidr, int bits) {
    int address = 0;
    for (String part : cidr.substring(0, cidr.indexOf('/')).split("\\.", -1)) {
      address = address << 8 | Integer.parseInt(part);
    }
    address &= -1 << (32 - bits);
    return "%d.%d.%d.%d/%d"
        .formatted(
            address >>> 24, address >>> 16 & 0xff, address >>> 8 & 0xff, address & 0xff, bits);
  }

  /** Neither has an endpoint in a VPC. */
  private void wayOut(Settings settings) {
    if (settings.network().egress() == Egress.NAT) {
      return;
    }
    if (settings.accounts().hostedLogin() != null) {
      problem(
          "accounts.hostedLogin",
          "needs network.egress nat: auth-service asks the pool's domain for tokens");
    }
    if (settings.accounts().awsCredentials()) {
      problem(
          "accounts.awsCredentials",
          "needs network.egress nat: auth-service asks the identity pool for credentials");
    }
  }

  private void size(String service, Size size) {
    if (!fargateHas(size.cpu(), size.memory())) {
      problem(
          service + ".memory",
          "Fargate has no task of cpu " + size.cpu() + " and memory " + size.memory());
    }
    if (size.cpu() < LEAST_CPU) {
      problem(
          service + ".cpu",
          "must be at least " + LEAST_CPU + ", of which Service Connect's agent is to have 256");
    }
    if (size.min() > size.max()) {
      problem(service + ".max", "must not be less than " + service + ".min");
    }
  }

  /**
   * Whether Fargate runs such tasks.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html">Invalid
   *     CPU or memory value</a>
   */
  static boolean fargateHas(int cpu, int memory) {
    return switch (cpu) {
      case 256 -> Set.of(512, 1024, 2048).contains(memory);
      case 512 -> step(memory, 1, 4, 1);
      case 1024 -> step(memory, 2, 8, 1);
      case 2048 -> step(memory, 4, 16, 1);
      case 4096 -> step(memory, 8, 30, 1);
      case 8192 -> step(memory, 16, 60, 4);
      case 16_384 -> step(memory, 32, 120, 8);
      default -> false;
    };
  }

  /** In GiB. */
  private static boolean step(int memory, int least, int most, int step) {
    return memory % 1024 == 0
        && memory >= least * 1024
        && memory <= most * 1024
        && (memory / 1024 - least) % step == 0;
  }

  private void problem(String field, String reason) {
    problems.add(new Problem(field, reason));
  }
}
