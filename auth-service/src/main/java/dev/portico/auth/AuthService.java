package dev.portico.auth;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.server.EmbeddedServer;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  /** The setting of the port for health and metrics. */
  static final String MANAGEMENT_PORT = "portico.management-port";

  private static final Logger LOG = LoggerFactory.getLogger(AuthService.class);

  AuthService() {}

  /** Starts the service; settings come from the environment (docs/auth-service.md). */
  public static void main(String[] args) {
    start(Map.of(), args);
  }

  /**
   * Starts the service.
   *
   * @param settings properties that win over the environment
   */
  static ApplicationContext start(Map<String, Object> settings, String... args) {
    var properties = new HashMap<>(settings);
    Object management =
        properties.getOrDefault(
            MANAGEMENT_PORT, System.getenv().getOrDefault("PORTICO_MANAGEMENT_PORT", ""));
    if ("0".equals(String.valueOf(management))) {
      // The framework tells endpoints from routes by their port, so it must know it beforehand.
      properties.put(MANAGEMENT_PORT, freePort());
    }
    ApplicationContext context =
        Micronaut.build(args)
            .mainClass(AuthService.class)
            .banner(false)
            .properties(properties)
            .start();
    LOG.info(
        "auth-service listens on port {}, for health and metrics on {}",
        context.getBean(EmbeddedServer.class).getPort(),
        context.getRequiredProperty(MANAGEMENT_PORT, Integer.class));
    return context;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("No port is free", e);
    }
  }

  /** The time by which tokens are judged. */
  @Bean
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
