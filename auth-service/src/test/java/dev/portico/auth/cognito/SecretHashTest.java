package dev.portico.auth.cognito;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretHashTest {
  /**
   * Expected value by {@code printf user@example.comclient | openssl dgst -sha256 -hmac secret
   * -binary | base64}.
   */
  @Test
  void isTheHmacOfUserAndClient() {
    assertThat(SecretHash.of("secret", "user@example.com", "client"))
        .isEqualTo("4zqhOFl0JivfkWh1VINyOJyrDTdsinJktzPUT+t0plg=");
  }
}
