package dev.portico.auth;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.env.Environment;
import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
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
  /** The setting of the API's port. */
  static final String API_PORT = "portico.api-port";

  /** The setting of the port for the other services. */
  static final String INTERNAL_PORT = "portico.internal-port";

  /** The setting of the port for health and metrics. */
  static final String MANAGEMENT_PORT = "portico.management-port";

  private static final Logger LOG = LoggerFactory.getLogger(AuthService.class);

  AuthService() {}

  /** Starts the service; settings come from the environment (docs/auth-service.md). */
  public static void main(String[] args) {
    Variables.faultOfLogs(System.getenv()).ifPresent(AuthService::end);
    try {
      start(Map.of(), args);
    } catch (RuntimeException e) {
      LOG.debug("auth-service does not start", e);
      StartFailure.ofSetting(e, System.getenv()).ifPresent(AuthService::end);
      LOG.error("auth-service does not start", e);
      System.exit(1);
    }
  }

  /** On standard error, whatever is logged and how. */
  private static void end(String fault) {
    System.err.println(fault);
    System.exit(1);
  }

  /**
   * Starts the service.
   *
   * @param settings properties that win over the environment
   */
  static ApplicationContext start(Map<String, Object> settings, String... args) {
    var properties = new HashMap<>(settings);
    chooseFreePorts(properties);
    ApplicationContext context =
        new Start()
            .args(args)
            .mainClass(AuthService.class)
            .banner(false)
            .properties(properties)
            .start();
    LOG.info(
        "auth-service listens on port {}, for health and metrics on {}, for the other services on"
            + " {}",
        context.getRequiredProperty(API_PORT, Integer.class),
        context.getRequiredProperty(MANAGEMENT_PORT, Integer.class),
        context.getRequiredProperty(INTERNAL_PORT, Integer.class));
    return context;
  }

  /** Replaces port 0 before anything is bound: routes are told from endpoints by their port. */
  private static void chooseFreePorts(Map<String, Object> settings) {
    try (ServerSocket api = reserve();
        ServerSocket internal = reserve();
        ServerSocket management = reserve()) {
      choose(settings, API_PORT, "PORTICO_API_PORT", api);
      choose(settings, INTERNAL_PORT, "PORTICO_INTERNAL_PORT", internal);
      choose(settings, MANAGEMENT_PORT, "PORTICO_MANAGEMENT_PORT", management);
    } catch (IOException e) {
      throw new UncheckedIOException("No port is free", e);
    }
  }

  /**
   * Listens on some port that systems give nobody by themselves (Linux: from 32768, others from
   * 49152): between this choice and the start an outgoing connection could take another one.
   */
  private static ServerSocket reserve() throws IOException {
    for (int tries = 1; ; tries++) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
      try {
        return new ServerSocket(port);
      } catch (BindException e) {
        if (tries == 1_000) {
          throw e;
        }
      }
    }
  }

  private static void choose(
      Map<String, Object> settings, String property, String variable, ServerSocket free) {
    Object wanted = settings.getOrDefault(property, System.getenv().getOrDefault(variable, ""));
    if ("0".equals(String.valueOf(wanted))) {
      settings.put(property, free.getLocalPort());
    }
  }

  /** Leaves it to the caller to say why it fails. */
  private static final class Start extends Micronaut {
    @Override
    protected void handleStartupException(Environment environment, Throwable failure) {
      throw new IllegalStateException("auth-service does not start", failure);
    }
  }

  /** The time by which tokens are judged. */
  @Bean
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }
}
