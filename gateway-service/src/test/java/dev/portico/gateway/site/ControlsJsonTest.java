package dev.portico.gateway.site;

import static dev.portico.gateway.site.Contracts.golden;
import static dev.portico.gateway.site.Contracts.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.control.AddressBlocks;
import dev.portico.gateway.control.Controls;
import dev.portico.gateway.control.Maintenance;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What admins have switched on, with the example in deploy/contracts. */
class ControlsJsonTest {
  @Test
  void readsControls() throws Exception {
    try (InputStream in = golden("controls.json")) {
      Controls controls = ContractJson.controls(in);
      Instant evening = Instant.parse("2026-11-29T22:00:00Z");
      Instant noon = Instant.parse("2026-11-30T12:00:00Z");
      assertThat(controls.version()).isEqualTo(7);
      InetAddress four = InetAddress.ofLiteral("198.51.100.255");
      InetAddress six = InetAddress.ofLiteral("2001:db8:ffff::1");
      assertThat(controls.addresses().hold(four, noon)).isTrue();
      assertThat(controls.addresses().hold(six, evening)).isTrue();
      assertThat(controls.addresses().hold(six, noon)).isFalse();
      assertThat(controls.maintenance()).containsOnlyKeys("docs", "shop");
      assertThat(controls.maintenance().get("docs"))
          .returns(Instant.parse("2026-11-30T04:30:00.500Z"), Maintenance::until)
          .returns(600, Maintenance::retryAfterSeconds)
          .returns("/errors/back soon.html", Maintenance::page)
          .returns(false, each -> each.holds(InetAddress.ofLiteral("203.0.113.7"), evening))
          .returns(true, each -> each.holds(InetAddress.ofLiteral("203.0.113.8"), evening));
      assertThat(controls.maintenance().get("shop"))
          .isEqualTo(new Maintenance(Instant.MAX, 300, null, AddressBlocks.NONE));
      assertThat(controls.blocks("docs", "/api/orders/1", noon)).isTrue();
      assertThat(controls.blocks("docs", "/x/a.env", evening)).isTrue();
      assertThat(controls.blocks("docs", "/x/a.env", noon)).isFalse();
      assertThat(controls.blocks("shop", "/api/orders/1", noon)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"version\": 1, \"blockedAddresses\": [{\"block\": \"10.0.0.1/8\"}]}",
        "{\"version\": 1, \"blockedAddresses\": [{}]}",
        "{\"version\": 1, \"blockedAddresses\": [{\"block\": \"::/0\", \"until\": \"soon\"}]}",
        "{\"version\": 1, \"maintenance\": [{\"page\": \"/a\"}]}",
        "{\"version\": 1, \"blockedPaths\": [{\"site\": \"docs\"}]}",
        "{\"version\": 1, \"blockedPaths\": ["
      })
  void controlsThatCannotBeReadAreNone(String json) {
    assertThatThrownBy(() -> ContractJson.controls(text(json))).isInstanceOf(IOException.class);
  }

  @Test
  void skipsWhatItDoesNotKnowOfControls() throws IOException {
    Controls controls =
        ContractJson.controls(
            text(
                "{\"version\": 2, \"more\": [1], \"blockedPaths\":"
                    + " [{\"site\": \"docs\", \"x\": {}, \"pattern\": \"/a\"}]}"));
    assertThat(controls.blocks("docs", "/a", Instant.EPOCH)).isTrue();
    assertThat(controls.addresses().isEmpty()).isTrue();
  }
}
