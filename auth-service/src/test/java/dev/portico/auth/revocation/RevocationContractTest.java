package dev.portico.auth.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long revocations are told of, as those who read them count on. */
class RevocationContractTest {
  @Test
  void theirLifeIsAsAgreed() throws IOException {
    String golden = Files.readString(Path.of("../deploy/contracts/revocation-life.json"));
    assertThat(new ObjectMapper().readTree(golden).get("seconds").asLong())
        .isEqualTo(Revocations.LIFE.toSeconds());
    assertThat(RevocationFeed.KEPT).isGreaterThan(Revocations.LIFE);
    assertThat(Revocations.LIFE).isGreaterThan(Duration.ofHours(24));
  }
}
