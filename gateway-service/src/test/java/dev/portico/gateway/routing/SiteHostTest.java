package dev.portico.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteHostTest {
  @Test
  void aLabelUnderTheSiteDomainNamesASite() {
    assertThat(SiteHost.parse("docs.localhost", "localhost")).isEqualTo(new SiteHost.Live("docs"));
    assertThat(SiteHost.parse("docs.sites.example.com", "sites.example.com"))
        .isEqualTo(new SiteHost.Live("docs"));
  }

  @ParameterizedTest
  @CsvSource({
    "mfrggzdfmztwq2lknnwg--docs.localhost, mfrggzdfmztwq2lknnwg, docs",
    "next--my-docs.localhost, next, my-docs",
    "a--b--c.localhost, a, b--c"
  })
  void twoDashesSeparateALabelFromASite(String host, String label, String site) {
    assertThat(SiteHost.parse(host, "localhost")).isEqualTo(new SiteHost.Preview(label, site));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        ".localhost",
        "docs.example.com",
        "docslocalhost",
        "a.docs.localhost",
        "docs.localhost.example.com",
        ""
      })
  void everyOtherNameIsLookedUpWhole(String host) {
    assertThat(SiteHost.parse(host, "localhost")).isEqualTo(new SiteHost.Custom(host));
  }
}
