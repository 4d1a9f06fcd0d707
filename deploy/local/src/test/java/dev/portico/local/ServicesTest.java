package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicesTest {
  @Test
  void whatTheEnvironmentSaysGoesBeforeWhatFitsALaptop() {
    assertThat(Services.laptop(Map.of()))
        .containsOnly(
            Map.entry("PORTICO_BLOB_CACHE_SIZE", "128MB"),
            Map.entry("PORTICO_RESPONSE_CACHE_SIZE", "64MB"));
    assertThat(Services.laptop(Map.of("PORTICO_BLOB_CACHE_SIZE", "1GB", "PATH", "/bin")))
        .containsOnly(
            Map.entry("PORTICO_BLOB_CACHE_SIZE", "1GB"),
            Map.entry("PORTICO_RESPONSE_CACHE_SIZE", "64MB"));
  }
}
