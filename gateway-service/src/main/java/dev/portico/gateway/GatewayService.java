package dev.portico.gateway;

import dev.portico.gateway.connection.ListenerSettings;
import dev.portico.gateway.connection.PublicListeners;
import dev.portico.gateway.observe.Readiness;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops gateway-service. The order of stopping is why it does so itself: readiness goes
 * down first, then viewers are let finish, and the management port answers until the end.
 */
public final class GatewayService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayService.class);

  private static final int ANY_PORT = -1;
  private static final int LARGEST_PORT = 65_535;

  private final ApplicationContext context;
  private final CountDownLatch delayOver = new CountDownLatch(1);
  private boolean closed;

  private GatewayService(ApplicationContext context) {
    this.context = context;
  }

  /** Starts the service; settings come from the environment (docs/gateway-service.md). */
  public static void main(String[] args) {
    String fault = LogSettings.fault(System.getenv());
    if (fault != null) {
      System.err.println("gateway-service could not start: " + fault);
      System.exit(1);
    }
    try {
      GatewayService service = start(Map.of());
      Runtime.getRuntime().addShutdownHook(new Thread(service::close, "shutdown"));
    } catch (StartException e) {
      LOG.error("gateway-service could not start: {}", e.getMessage());
      LOG.debug("Where it failed", e);
      System.exit(1);
    }
  }

  /**
   * Starts a service with these settings above those of the environment.
   *
   * @throws StartException when it cannot, with the setting that is to blame
   */
  public static GatewayService start(Map<String, Object> settings) {
    ApplicationContext context =
        ApplicationContext.builder()
            .mainClass(GatewayService.class)
            .banner(false)
            .properties(settings)
            .build();
    try {
      context.start();
      GatewayService service = new GatewayService(context);
      EmbeddedServer management = startManagement(context);
      context.getBean(PublicListeners.class).start();
      LOG.info("Management on port {}", management.getPort());
      return service;
    } catch (RuntimeException e) {
      String line = new StartFailure(context.getEnvironment()).line(e);
      context.close();
      throw new StartException(line, e);
    }
  }

  private static EmbeddedServer startManagement(ApplicationContext context) {
    int port = context.getProperty("micronaut.server.port", Integer.class).orElse(ANY_PORT);
    if (port < ANY_PORT || port > LARGEST_PORT) {
      throw new IllegalArgumentException("PORTICO_MANAGEMENT_PORT must be from -1 to 65535");
    }
    EmbeddedServer management = context.getBean(EmbeddedServer.class);
    try {
      return management.start();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "Cannot listen on port " + port + " (PORTICO_MANAGEMENT_PORT)", e);
    }
  }

  /** The beans of the running service. */
  public ApplicationContext context() {
    return context;
  }

  /**
   * Stops: not ready, after the delay no new connections, exchanges under way finish within the
   * grace period.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    ListenerSettings settings = context.getBean(ListenerSettings.class);
    LOG.info("Stopping; exchanges under way have {}", settings.shutdownGrace());
    context.getBean(Readiness.class).stopping();
    linger(settings.shutdownDelay());
    context.getBean(PublicListeners.class).drain(settings.shutdownGrace());
    context.getBean(EmbeddedServer.class).stop();
    context.close();
    LOG.info("Stopped");
  }

  /** Until load balancers have seen that this copy is not ready, they send it new connections. */
  private void linger(Duration delay) {
    try {
      boolean early = delayOver.await(delay.toNanos(), TimeUnit.NANOSECONDS);
      LOG.info("Closing the ports{}", early ? " before the delay is over" : "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the delay of {@link #close} at once: load balancers have noticed. */
  void endDelay() {
    delayOver.countDown();
  }
}
