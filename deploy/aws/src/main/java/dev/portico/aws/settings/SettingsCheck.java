package dev.portico.aws.settings;

import dev.portico.aws.settings.Settings.Domain;
import dev.portico.aws.settings.Settings.Egress;
import dev.portico.aws.settings.Settings.Network;
import dev.portico.aws.settings.Settings.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** A balancer's certificates besides that of Portico's own names; more are to be asked for. */
  private static final int MOST_CUSTOM_DOMAINS = 25;

  /** ACM's, of the first name in a certificate, which X.509 has as its common name. */
  private static final int LONGEST_COMMON_NAME = 64;

  /** The only region in which accounts have two availability zones. */
  private static final String OF_TWO_ZONES = "us-west-1";

  private final List<Problem> problems = new ArrayList<>();

  private SettingsCheck() {}

  static List<Problem> problems(Settings settings) {
    SettingsCheck check = new SettingsCheck();
    check.domains(settings);
    check.zones(settings.domains());
    check.commonName("domains.sites.name", settings.domains().sites().name());
    check.certificates(settings);
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

  private void domains(Settings settings) {
    Domain sites = settings.domains().sites();
    Domain api = settings.domains().api();
    if (sites.name().equals(api.name())
        || sites.name().endsWith("." + api.name())
        || api.name().endsWith("." + sites.name())) {
      problem(
          "domains.api.name",
          "sites are other people's code: "
              + api.name()
              + " must be neither the domain of sites, "
              + sites.name()
              + ", nor above or below it");
    }
    apart("domains.sites.zone", sites, api);
    Set<String> seen = new HashSet<>();
    List<Settings.CustomDomain> all = settings.domains().custom();
    for (int i = 0; i < all.size(); i++) {
      String field = custom(i);
      Domain custom = all.get(i).domain();
      String name = custom.name();
      if (!seen.add(name)) {
        problem(field + ".name", name + " is there twice");
      }
      if (name.endsWith("." + sites.name()) || name.equals(sites.name())) {
        problem(field + ".name", name + " is in the domain of sites already");
      }
      if (name.endsWith("." + api.name()) || name.equals(api.name())) {
        problem(field + ".name", name + " is in the domain of the API");
      }
      if (api.name().endsWith("." + name)) {
        problem(
            field + ".name",
            name + " is above the domain of the API: it could set cookies that the API is sent");
      }
      apart(field + ".zone", custom, api);
    }
  }

  /**
   * Whether the domains differ that people register. Nothing here knows at which label those end
   * (example.com, example.co.uk); a hosted zone is never above it, so that two domains in one zone
   * have theirs in common, and with it cookies.
   */
  private void apart(String field, Domain theirs, Domain api) {
    if (theirs.zone().equals(api.zone()) || theirs.zoneName().equals(api.zoneName())) {
      problem(
          field,
          "sites are other people's code: "
              + theirs.name()
              + " must not be in the zone of the API, "
              + api.zoneName());
    }
  }

  /** The same zone under two names: one of them is wrong, and its records would be refused. */
  private void zones(Settings.Domains domains) {
    Map<String, String> names = new HashMap<>();
    names.put(domains.sites().zone(), domains.sites().zoneName());
    for (int i = 0; i < domains.custom().size(); i++) {
      Domain custom = domains.custom().get(i).domain();
      String name = names.putIfAbsent(custom.zone(), custom.zoneName());
      if (name != null && !name.equals(custom.zoneName())) {
        problem(
            custom(i) + ".zone",
            custom.zone() + " is the zone " + name + " above, not " + custom.zoneName());
      }
    }
  }

  private void commonName(String field, String name) {
    if (name.length() > LONGEST_COMMON_NAME) {
      problem(
          field,
          "is of "
              + name.length()
              + " characters; a certificate's first name has at most "
              + LONGEST_COMMON_NAME);
    }
  }

  /** The CDK takes no other, and neither does SES without another identity. */
  private void mail(Settings.Accounts accounts) {
    String from = accounts.mailFrom();
    String domain = accounts.mailDomain();
    if (from != null && domain != null && !from.endsWith("@" + domain)) {
      problem("accounts.mail.from", "must be an address of " + domain + ", and is " + from);
    }
  }

  private static String custom(int index) {
    return "domains.custom[" + index + "]";
  }

  /**
   * A load balancer takes certificates of its own region only, CloudFront of us-east-1, and both of
   * their own account: CloudFormation would find out after a quarter of an hour.
   */
  private void certificates(Settings settings) {
    List<Settings.CustomDomain> all = settings.domains().custom();
    for (int i = 0; i < all.size(); i++) {
      String certificate = all.get(i).certificate();
      if (certificate == null) {
        commonName(custom(i) + ".name", all.get(i).domain().name());
      } else {
        certificate(custom(i) + ".certificate", certificate, settings.region(), settings.account());
      }
    }
    if (all.size() > MOST_CUSTOM_DOMAINS) {
      problem(
          "domains.custom",
          "has "
              + all.size()
              + " domains; a load balancer takes "
              + MOST_CUSTOM_DOMAINS
              + " certificates more than its first");
    }
    Settings.CloudFront cloudFront = settings.cloudFront();
    if (cloudFront != null) {
      certificate(
          "cloudFront.certificate", cloudFront.certificate(), "us-east-1", settings.account());
    }
  }

  private void certificate(String field, String arn, String region, String account) {
    if (!arn.startsWith("arn:aws:acm:" + region + ":" + account + ":")) {
      problem(field, "must be a certificate of " + region + " in " + account + ", and is " + arn);
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
