package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** IANA's registry of status codes; a status line without a phrase of its own tells less. */
class StatusTextTest {
  @Test
  void registeredOnesHaveTheirPhrase() {
    assertThat(StatusText.of(423)).isEqualTo("Locked");
    assertThat(StatusText.of(451)).isEqualTo("Unavailable For Legal Reasons");
    assertThat(StatusText.of(207)).isEqualTo("Multi-Status");
    assertThat(StatusText.of(511)).isEqualTo("Network Authentication Required");
  }

  @Test
  void othersHaveOneForAll() {
    assertThat(StatusText.of(499)).isEqualTo("Status");
  }
}
