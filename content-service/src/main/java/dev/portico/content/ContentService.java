package dev.portico.content;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.env.Environment;
import io.micronaut.runtime.Micronaut;
import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.enums.SecuritySchemeType;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.info.License;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.security.SecurityScheme;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts content-service. */
@OpenAPIDefinition(
    info =
        @Info(
            title = "content-service",
            version = "1",
            description =
                "Sites, deployments, members and host names. Failures are RFC 9457 problem details;"
                    + " lists are paged by opaque cursors.",
            license =
                @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")),
    security = @SecurityRequirement(name = "bearer"))
@SecurityScheme(
    name = "bearer",
    type = SecuritySchemeType.HTTP,
    scheme = "bearer",
    description = "A Cognito access token, or a deploy token (pdt_…)")
public final class ContentService {
  private static final Logger LOG = LoggerFactory.getLogger(ContentService.class);
  private static final Map<String, String> PORTS =
      Map.of(
          "PORTICO_API_PORT", "portico.api-port",
          "PORTICO_INTERNAL_PORT", "portico.internal-port",
          "PORTICO_MANAGEMENT_PORT", "portico.management-port");

  private ContentService() {}

  /** Starts the service; settings come from the environment (docs/content-service.md). */
  public static void main(String[] args) {
    Variables.faultOfLogs(System.getenv()).ifPresent(ContentService::end);
    try {
      start(Map.of(), args);
    } catch (RuntimeException e) {
      LOG.debug("content-service does not start", e);
      StartFailure.ofSetting(e, System.getenv()).ifPresent(ContentService::end);
      LOG.error("content-service does not start", e);
      System.exit(1);
    }
  }

  /** On standard error, whatever is logged and how. */
  private static void end(String fault) {
    System.err.println(fault);
    System.exit(1);
  }

  /**
   * Starts the service in this JVM.
   *
   * @param settings that go before those of the environment, by property name
   * @param args of the command line
   */
  public static ApplicationContext start(Map<String, Object> settings, String... args) {
    var all = new HashMap<>(settings);
    chooseFreePorts(all);
    ApplicationContext context =
        new Start()
            .args(args)
            .mainClass(ContentService.class)
            .banner(false)
            .properties(all)
            .start();
    LOG.info(
        "content-service listens: API on port {}, internal on {}, management on {}",
        port(context, "api"),
        port(context, "internal"),
        port(context, "management"));
    return context;
  }

  /**
   * Replaces port 0 by a free port before anything is bound: routes are tied to the internal and
   * the management port by number.
   */
  private static void chooseFreePorts(Map<String, Object> settings) {
    List<ServerSocket> reserved = new ArrayList<>();
    try {
      for (Map.Entry<String, String> port : PORTS.entrySet()) {
        @Nullable Object wanted =
            settings.getOrDefault(port.getValue(), System.getenv(port.getKey()));
        if (wanted != null && wanted.toString().equals("0")) {
          var socket = reserve();
          reserved.add(socket);
          settings.put(port.getValue(), socket.getLocalPort());
        }
      }
      for (ServerSocket socket : reserved) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
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

  private static int port(ApplicationContext context, String name) {
    return context.getRequiredProperty("portico." + name + "-port", Integer.class);
  }

  /** Leaves it to the caller to say why it fails. */
  private static final class Start extends Micronaut {
    @Override
    protected void handleStartupException(Environment environment, Throwable failure) {
      throw new IllegalStateException("content-service does not start", failure);
    }
  }
}
