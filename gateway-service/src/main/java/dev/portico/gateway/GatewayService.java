package dev.portico.gateway;

import io.micronaut.runtime.Micronaut;

/** Starts gateway-service. */
public final class GatewayService {
  private GatewayService() {}

  /** Starts the service; settings come from the environment (docs/operations). */
  public static void main(String[] args) {
    Micronaut.build(args).mainClass(GatewayService.class).banner(false).start();
  }
}
