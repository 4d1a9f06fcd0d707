package dev.portico.gateway.pipeline;

import dev.portico.gateway.control.Controls;
import dev.portico.gateway.control.Maintenance;
import dev.portico.gateway.control.PlatformControls;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.ErrorResponses;
import dev.portico.gateway.site.SiteResolution;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Answers in place of everything else what admins have blocked, and for sites that show a
 * maintenance page. Where nothing is switched on that costs a look.
 */
@Singleton
final class ControlReplies {
  private static final int STATUS = EdgeError.MAINTENANCE.status();

  private final PlatformControls controls;
  private final ErrorPages pages;
  private final Counter addresses;
  private final Counter paths;
  private final Counter maintenance;

  ControlReplies(PlatformControls controls, ErrorPages pages, MeterRegistry registry) {
    this.controls = controls;
    this.pages = pages;
    this.addresses = counter(registry, "address");
    this.paths = counter(registry, "path");
    this.maintenance = counter(registry, "maintenance");
    gauge(registry, "version", "Version of what admins have switched on", Controls::version);
    Gauge.builder("portico.controls.age", controls, all -> all.age().toMillis() / 1e3)
        .description("How long ago it was read what admins have switched on")
        .baseUnit("seconds")
        .register(registry);
    gauge(
        registry,
        "blocked.addresses",
        "Blocks of addresses that are not answered",
        now -> now.addresses().size(controls.time()));
    gauge(
        registry,
        "blocked.paths",
        "Patterns of sites' paths that are not answered",
        now -> now.blockedPaths(controls.time()));
    gauge(
        registry,
        "maintenance.sites",
        "Sites that show a maintenance page",
        now -> now.sitesInMaintenance(controls.time()));
  }

  private static Counter counter(MeterRegistry registry, String by) {
    return Counter.builder("portico.controls.refused")
        .description("Requests that were refused by what admins have switched on")
        .tag("by", by)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String text, ToDoubleFunction<Controls> value) {
    Gauge.builder("portico.controls." + name, controls, all -> value.applyAsDouble(all.now()))
        .description(text)
        .register(registry);
  }

  /**
   * Answers when the viewer's address is blocked, or it was not read yet whose are; false else.
   *
   * @param program whether programs are the usual viewers at this host
   */
  boolean blocksAddress(ViewerExchange exchange, boolean program) {
    if (!controls.known()) {
      ErrorReplies.reply(exchange, EdgeError.UNAVAILABLE, program);
      return true;
    }
    Controls now = controls.now();
    if (now.addresses().isEmpty()
        || !now.addresses().hold(address(exchange.request()), controls.time())) {
      return false;
    }
    addresses.increment();
    ErrorReplies.reply(exchange, EdgeError.BLOCKED_ADDRESS, program);
    return true;
  }

  /** Answers when the path is blocked at the site; false else. */
  boolean blocksPath(ViewerExchange exchange, SiteResolution.Routable site) {
    Controls now = controls.now();
    if (now.paths().isEmpty()
        || !now.blocks(site.site(), exchange.request().path(), controls.time())) {
      return false;
    }
    count(exchange, paths);
    exchange.timeline().site(site.site());
    ErrorReplies.reply(exchange, EdgeError.BLOCKED_PATH, false);
    return true;
  }

  /** Answers when the site shows a maintenance page to the viewer; false else. */
  boolean maintains(ViewerExchange exchange, SiteResolution.Routable site) {
    // By site first: one in maintenance costs the requests of all others a look.
    Maintenance found = controls.now().maintenance().get(site.site());
    if (found == null) {
      return false;
    }
    Instant time = controls.time();
    if (!found.holds(address(exchange.request()), time)) {
      return false;
    }
    count(exchange, maintenance);
    exchange.timeline().site(site.site());
    String page = found.page();
    ViewerExchange shown =
        page == null ? exchange : pages.aroundForAnybody(exchange, instead(page), site);
    ErrorReplies.reply(
        shown,
        EdgeError.MAINTENANCE,
        false,
        new String[] {"Retry-After", Long.toString(retryAfter(found, time))});
    return true;
  }

  /** Who asks what would be answered is not refused anything. */
  private static void count(ViewerExchange exchange, Counter counter) {
    if (exchange.explanation() == null) {
      counter.increment();
    }
  }

  private static ErrorResponses instead(String page) {
    return ErrorResponses.of(List.of(new ErrorResponse(STATUS, page, STATUS, Duration.ZERO)));
  }

  /** No longer than it lasts. */
  private static long retryAfter(Maintenance found, Instant time) {
    long left =
        found.until().equals(Instant.MAX)
            ? Long.MAX_VALUE
            : Math.max(1, Duration.between(time, found.until()).toSeconds());
    return Math.min(found.retryAfterSeconds(), left);
  }

  private static InetAddress address(ViewerRequest request) {
    return InetAddress.ofLiteral(request.clientAddress());
  }
}
