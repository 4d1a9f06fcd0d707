package dev.portico.auth.user;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** People change what access policies do not go by, and nothing else. */
class SelfSetAttributesContractTest {
  @Test
  void whatPeopleMayChangeIsAsAgreed() throws IOException {
    JsonNode golden =
        new ObjectMapper()
            .readTree(Files.readString(Path.of("../deploy/contracts/self-set-attributes.json")));
    assertThat(golden.get("patched"))
        .hasSize(15)
        .allSatisfy(
            name ->
                assertThat(ProfileAnswers.changeable(name.asText())).as(name.asText()).isTrue());
    for (String list : new String[] {"setAtThePool", "proven"}) {
      assertThat(golden.get(list))
          .isNotEmpty()
          .allSatisfy(
              name ->
                  assertThat(ProfileAnswers.changeable(name.asText())).as(name.asText()).isFalse());
    }
  }
}
