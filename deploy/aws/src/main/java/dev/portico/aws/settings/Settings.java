package dev.portico.aws.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that one deployment of Portico on AWS can be told. docs/aws.md explains each field. Nothing
 * is looked up in the account, so that the same file gives the same templates everywhere.
 *
 * @param name of the deployment; the stacks are {@code name-data} and {@code name-edge}
 * @param account 12 digits
 * @param region where all but CloudFront is
 * @param domains names of sites, API and sign-in
 * @param images tags in ECR
 * @param network of the VPC
 * @param gateway size of gateway-service
 * @param content size of content-service
 * @param auth size of auth-service
 * @param architecture of the processors
 * @param accounts of people
 * @param releases how a new gateway takes over
 * @param alarms who is told
 * @param logDays for which logs are kept
 * @param accessLogDays for which the lines of the access log are kept in S3, to be queried
 * @param cloudFront null: viewers come to the load balancer
 * @param firewall null: no web application firewall
 * @param traces null: none are collected
 */
public record Settings(
    String name,
    String account,
    String region,
    Domains domains,
    Images images,
    Network network,
    Gateway gateway,
    Size content,
    Size auth,
    Architecture architecture,
    Accounts accounts,
    Releases releases,
    Alarms alarms,
    int logDays,
    int accessLogDays,
    @Nullable CloudFront cloudFront,
    @Nullable Firewall firewall,
    @Nullable Traces traces) {

  /** Processors of the tasks. */
  public enum Architecture {
    /** Graviton: 20 % less per hour. */
    ARM64,
    /** Intel and AMD. */
    X86_64
  }

  /** How tasks reach what is not in the VPC. */
  public enum Egress {
    /** By NAT gateways: everything on the internet, origins of sites included. */
    NAT,
    /** By interface endpoints: AWS alone. Sites then have no HTTP origins outside. */
    ENDPOINTS
  }

  /** Whether people need a second factor. */
  public enum SecondFactor {
    /** Everybody. */
    REQUIRED,
    /** Whoever wants. */
    OPTIONAL
  }

  /**
   * A domain with the hosted zone that it is in.
   *
   * @param name as {@code example.com}
   * @param zone id of the Route 53 hosted zone
   * @param zoneName name of that zone: the domain, or one above it
   */
  public record Domain(String name, String zone, String zoneName) {}

  /**
   * A site's own domain.
   *
   * @param domain with its zone
   * @param certificate ARN of a certificate of the region; null: one is made
   */
  public record CustomDomain(Domain domain, @Nullable String certificate) {}

  /**
   * The names.
   *
   * @param sites sites are at {@code *.name}
   * @param api the API is at {@code api.name}, sign-in at {@code auth.name}; another domain than
   *     that of sites, which are other people's code
   * @param custom of single sites
   */
  public record Domains(Domain sites, Domain api, List<CustomDomain> custom) {
    /** Host of the API. */
    public String apiHost() {
      return "api." + api.name();
    }

    /** Host of sign-in. */
    public String authHost() {
      return "auth." + api.name();
    }

    /** Host by which CloudFront finds the load balancer. */
    public String originHost() {
      return "origin." + api.name();
    }
  }

  /**
   * Which images run.
   *
   * @param gateway tag of gateway-service
   * @param content tag of content-service
   * @param auth tag of auth-service
   */
  public record Images(String gateway, String content, String auth) {}

  /**
   * The VPC.
   *
   * @param cidr its addresses
   * @param zones availability zones
   * @param egress how tasks reach what is outside
   * @param natGateways how many; 0 with endpoints
   * @param originPorts TCP ports at which gateways may reach origins of sites
   */
  public record Network(
      String cidr, int zones, Egress egress, int natGateways, List<Integer> originPorts) {}

  /**
   * Size and number of a service's tasks.
   *
   * @param cpu 1024 is one processor
   * @param memory in MiB
   * @param min fewest tasks
   * @param max most tasks
   */
  public record Size(int cpu, int memory, int min, int max) {}

  /**
   * The gateways.
   *
   * @param size of them
   * @param requestsPerMinute that one task is to serve; more tasks are started beyond
   */
  public record Gateway(Size size, int requestsPerMinute) {}

  /**
   * The user pool.
   *
   * @param domainPrefix of its own sign-in pages, unique in the region
   * @param secondFactor who needs one
   * @param threatProtection Cognito's plan Plus
   * @param selfSignUp whether anybody may make an account
   * @param awsCredentials whether there is an identity pool
   * @param callbacks of applications that use the pool's own sign-in pages
   * @param moreClients ids of app clients of the pool, made by hand, whose access tokens count at
   *     sites, too
   * @param hostedLogin where people sign in at the pool's own pages to Portico itself; null: at
   *     Portico's
   * @param mailFrom address that mails come from by SES; null: Cognito's own, 50 a day
   * @param mailDomain the domain that SES has verified; null with {@code mailFrom}
   */
  public record Accounts(
      String domainPrefix,
      SecondFactor secondFactor,
      boolean threatProtection,
      boolean selfSignUp,
      boolean awsCredentials,
      List<String> callbacks,
      List<String> moreClients,
      @Nullable HostedLogin hostedLogin,
      @Nullable String mailFrom,
      @Nullable String mailDomain) {}

  /**
   * Signing in at the pool's own pages.
   *
   * @param identityProviders names of those that are offered; {@value #OWN_ACCOUNTS} is the pool
   *     itself, others must be in the pool
   * @param identityProvider the one that everybody is sent to at once; null: people choose
   */
  public record HostedLogin(List<String> identityProviders, @Nullable String identityProvider) {
    /** Cognito's name of a pool's own accounts, as an identity provider. */
    public static final String OWN_ACCOUNTS = "COGNITO";
  }

  /**
   * How a new gateway takes over.
   *
   * @param bakeMinutes for which the old ones stay after the traffic has moved
   */
  public record Releases(int bakeMinutes) {}

  /**
   * Who is told.
   *
   * @param mail address; null: nobody
   * @param slowMillis alarm when the 99th percentile of the gateways' answers is slower
   */
  public record Alarms(@Nullable String mail, int slowMillis) {}

  /**
   * CloudFront in front of the load balancer.
   *
   * @param certificate ARN in us-east-1, of all names that viewers use
   * @param prefixList id of CloudFront's list of addresses in this region
   */
  public record CloudFront(String certificate, String prefixList) {}

  /**
   * The web application firewall at the load balancer.
   *
   * @param requestsPerAddress in five minutes, beyond which an address is refused
   */
  public record Firewall(int requestsPerAddress) {}

  /**
   * Traces in X-Ray, by a collector beside each service.
   *
   * @param percent of the requests that leave the gateways' caches, 1 to 100
   */
  public record Traces(int percent) {}

  /** Address of the pool's own sign-in pages, without a slash at its end. */
  public String poolPages() {
    return "https://%s.auth.%s.amazoncognito.com".formatted(accounts.domainPrefix(), region);
  }

  /** Id of the edge stack, by which the tools in deploy/ecs find it. */
  public String edgeStack() {
    return name + "-edge";
  }

  /** Id of the data stack. */
  public String dataStack() {
    return name + "-data";
  }
}
