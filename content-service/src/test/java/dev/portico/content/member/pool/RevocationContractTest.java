package dev.portico.content.member.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** This service asks for revocations, and understands them, as deploy/contracts says. */
class RevocationContractTest {
  private static final JsonMapper JSON = JsonMapper.createDefault();

  private static byte[] golden(String name) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    return Files.readAllBytes(root.resolve("deploy/contracts").resolve(name));
  }

  @Test
  void whatItAsks() throws IOException {
    var question = new RevocationQuestion("gw-7f3a9c2e51d04b86", 41, "41-b7c2a90f5e6d4138", 3_000);
    var map = Argument.mapOf(String.class, Object.class);
    assertThat(JSON.readValue(JSON.writeValueAsBytes(question), map))
        .isEqualTo(JSON.readValue(golden("auth-revocations-request.json"), map));
  }

  @Test
  void howLongARevocationIsKept() throws IOException {
    assertThat(
            JSON.readValue(
                golden("revocation-life.json"), Argument.mapOf(String.class, Long.class)))
        .containsExactly(Map.entry("seconds", Revocations.LIFE));
  }

  @Test
  void whatItUnderstands() throws IOException {
    RevocationAnswer answer =
        JSON.readValue(golden("auth-revocations.json"), RevocationAnswer.class);
    assertThat(answer.position()).isEqualTo(44);
    assertThat(answer.mark()).isEqualTo("44-5d1f0b7a93c2e864");
    assertThat(answer.more()).isFalse();
    assertThat(answer.entries())
        .extracting(RevocationAnswer.Entry::kind)
        .containsExactly("session", "token", "user");
    assertThat(answer.entries().get(1).originJti())
        .isEqualTo("0b1e5a52-3f7d-4c7e-8a11-6f6a2d9d3c55");
    assertThat(answer.entries().get(2).issuedBefore()).isEqualTo(1_764_370_030);
    assertThat(answer.entries().get(2).until()).isEqualTo(1_764_456_729);
    byte[] none = "{\"position\":44}".getBytes(StandardCharsets.UTF_8);
    assertThat(JSON.readValue(none, RevocationAnswer.class).entries()).isEmpty();
  }
}
