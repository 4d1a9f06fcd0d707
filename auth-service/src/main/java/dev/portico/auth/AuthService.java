package dev.portico.auth;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Starts auth-service. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "auth-service",
            version = "1",
            description =
                "Accounts, sign-in and sessions over an Amazon Cognito user pool. Failures are RFC"
                    + " 9457 problem details; none tells whether an account exists.",
            license =
                @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")))
@SecurityScheme(
    name = "accessToken",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    bearerFormat = "JWT")
@Factory
public final class AuthService {
  AuthService() {}

  /** Starts the service; settings come from the environment (docs/auth-service.md). */
  public static void main(String[] args) {
    Micronaut.build(args).mainClass(AuthService.class).banner(false).start();
  }

  /** The time by which tokens are judged. */
  @Bean
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
