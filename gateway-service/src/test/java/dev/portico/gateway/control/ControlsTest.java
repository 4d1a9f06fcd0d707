package dev.portico.gateway.control;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.origin.address.Cidr;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.routing.SimplePath;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T22:00:00Z");
  private static final InetAddress HOME = InetAddress.ofLiteral("203.0.113.7");
  private static final InetAddress AWAY = InetAddress.ofLiteral("203.0.114.7");

  @ParameterizedTest
  @CsvSource({
    "/api/orders,true",
    "/api/,true",
    "/api,false",
    "/open,false",
    // What a server behind may take for it.
    "//api/orders,true",
    "/api;x=1/orders,true",
    "/x/../api/orders,true",
    "/API/orders,false",
    // Who merges slashes, and leaves dot segments alone that show only when decoded.
    "//api/orders/1/../../../x,true",
    "/api/orders/1/../../../x,true",
    "//x/../api/orders,true",
    "/x;a/..;b/api/orders,true",
    "/%61pi/orders,false",
  })
  void aPathIsBlockedInEachReading(String path, boolean blocked) {
    Controls controls =
        new Controls(
            1,
            AddressBlocks.NONE,
            Map.of(),
            Map.of("docs", List.of(new BlockedPath(PathPattern.of("/api/*"), Instant.MAX))));
    assertThat(controls.blocks("docs", path, NOW)).isEqualTo(blocked);
    assertThat(controls.blocks("shop", path, NOW)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/admin,/admin,true",
    "/admin,/admin/,true",
    "/admin,/admin;x,true",
    "/admin,/admin/x,false",
    "/admin/,/admin,true",
    "/admin/,/admin/,true",
    "/,/,true",
    "/,/a,false",
    "/admin*,/admin,true",
    "/admin*,/administration,true",
    "/admin/*,/admin,false",
  })
  void aFinalSlashMakesNoDifferenceToASinglePlace(String pattern, String path, boolean blocked) {
    Controls controls =
        new Controls(
            1,
            AddressBlocks.NONE,
            Map.of(),
            Map.of("docs", List.of(new BlockedPath(PathPattern.of(pattern), Instant.MAX))));
    assertThat(controls.blocks("docs", path, NOW)).isEqualTo(blocked);
  }

  /** Each pattern is matched with each: what a path costs is bounded, whatever it is like. */
  @Test
  void aPathHasFewReadings() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] pieces = {"/", "//", "/.", "/..", ";", ";a=b", "a", "/b"};
    for (int i = 0; i < 2_000; i++) {
      StringBuilder path = new StringBuilder("/");
      for (int j = random.nextInt(30); j > 0; j--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }
      assertThat(SimplePath.of(path.toString()))
          .as("seed %d, %s", seed, path)
          .hasSizeBetween(1, 8)
          .contains(path.toString());
    }
  }

  @Test
  void entriesEnd() {
    Controls controls =
        new Controls(
            1,
            AddressBlocks.NONE,
            Map.of("docs", new Maintenance(NOW, 300, null, AddressBlocks.NONE)),
            Map.of("docs", List.of(new BlockedPath(PathPattern.of("*"), NOW))));
    Instant before = NOW.minusMillis(1);
    assertThat(controls.blocks("docs", "/", before)).isTrue();
    assertThat(requireNonNull(controls.maintenance().get("docs")).holds(HOME, before)).isTrue();
    assertThat(controls.blockedPaths(before)).isEqualTo(1);
    assertThat(controls.sitesInMaintenance(before)).isEqualTo(1);
    assertThat(controls.blocks("docs", "/", NOW)).isFalse();
    assertThat(requireNonNull(controls.maintenance().get("docs")).holds(HOME, NOW)).isFalse();
    assertThat(controls.blockedPaths(NOW)).isZero();
    assertThat(controls.sitesInMaintenance(NOW)).isZero();
  }

  @Test
  void maintenanceHasExemptions() {
    AddressBlocks exempt = AddressBlocks.of(Map.of(Cidr.parse("203.0.113.0/24"), Instant.MAX));
    Maintenance maintenance = new Maintenance(Instant.MAX, 300, null, exempt);
    assertThat(maintenance.holds(HOME, NOW)).isFalse();
    assertThat(maintenance.holds(AWAY, NOW)).isTrue();
  }

  @Test
  void nothingIsKnownUntilItIsSaid() {
    AtomicLong nanos = new AtomicLong(5);
    PlatformControls platform = new PlatformControls(Clock.systemUTC(), nanos::get);
    nanos.addAndGet(7_000_000_000L);
    assertThat(platform.known()).isFalse();
    assertThat(platform.now()).isEqualTo(Controls.NONE);
    assertThat(platform.age()).isEqualTo(Duration.ofSeconds(7));
    platform.replace(Controls.NONE);
    assertThat(platform.known()).isTrue();
    assertThat(platform.age()).isZero();
    nanos.addAndGet(1_000_000);
    assertThat(platform.age()).isEqualTo(Duration.ofMillis(1));
  }
}
