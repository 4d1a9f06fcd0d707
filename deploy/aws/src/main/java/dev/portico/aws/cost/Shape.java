package dev.portico.aws.cost;

/**
 * How Portico is deployed.
 *
 * @param gateways tasks at the least
 * @param gatewayCpu vCPU of each
 * @param gatewayMemory GB of each
 * @param inner copies of content-service and of auth-service, each
 * @param innerCpu vCPU of one of both together
 * @param innerMemory GB of one of both together
 * @param zones availability zones, in each of which the load balancer has an address
 * @param natGateways of the VPC
 * @param requestsPerSecond that one gateway is given
 * @param peak the busiest hour's requests as a multiple of the average's
 * @param firewall whether a web application firewall looks at every request, here and there
 */
public record Shape(
    int gateways,
    double gatewayCpu,
    double gatewayMemory,
    int inner,
    double innerCpu,
    double innerMemory,
    int zones,
    int natGateways,
    double requestsPerSecond,
    double peak,
    boolean firewall) {

  /** examples/small-team.yml. */
  public static Shape small() {
    return new Shape(1, 0.5, 1, 1, 1, 2, 2, 1, 500, 4, false);
  }

  /** examples/production.yml, without CloudFront and firewall. */
  public static Shape production() {
    return new Shape(3, 2, 4, 2, 1.5, 3, 3, 3, 5000, 4, false);
  }

  /** The same with a firewall or without. */
  Shape firewall(boolean wanted) {
    return new Shape(
        gateways,
        gatewayCpu,
        gatewayMemory,
        inner,
        innerCpu,
        innerMemory,
        zones,
        natGateways,
        requestsPerSecond,
        peak,
        wanted);
  }
}
