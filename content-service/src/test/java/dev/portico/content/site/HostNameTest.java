package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {
  private static final String API = "portico.company.example";

  @ParameterizedTest
  @CsvSource({
    "portico.company.example, true",
    "api.portico.company.example, true",
    "company.example, true",
    "www.company.example, false",
    "notportico.company.example, false",
    "ompany.example, false",
    "company.example.org, false"
  })
  void isRelatedToADomainThatItIsOrIsAboveOrBelow(String host, boolean related) {
    assertThat(HostName.related(host, API)).isEqualTo(related);
    assertThat(HostName.related(API, host)).isEqualTo(related);
  }
}
