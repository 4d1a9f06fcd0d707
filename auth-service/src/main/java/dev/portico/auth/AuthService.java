package dev.portico.auth;

import io.micronaut.runtime.Micronaut;

/** Starts auth-service. */
public final class AuthService {
  private AuthService() {}

  /** Starts the service; settings come from the environment (docs/operations). */
  public static void main(String[] args) {
    Micronaut.build(args).mainClass(AuthService.class).banner(false).start();
  }
}
