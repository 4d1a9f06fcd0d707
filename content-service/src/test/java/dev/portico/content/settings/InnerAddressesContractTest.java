package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * This service refuses the addresses of deploy/contracts/inner-addresses.json, as the gateway does,
 * and no others.
 */
class InnerAddressesContractTest {
  private static Stream<JsonNode> cases(String list) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    JsonNode file =
        new ObjectMapper()
            .readTree(Files.readString(root.resolve("deploy/contracts/inner-addresses.json")));
    return StreamSupport.stream(file.path(list).spliterator(), false);
  }

  static Stream<JsonNode> addresses() throws IOException {
    return Stream.concat(cases("addresses"), cases("opened"));
  }

  static Stream<JsonNode> blocks() throws IOException {
    return cases("blocks");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void isJudgedAsTheContractSays(JsonNode each) {
    List<String> open = new ArrayList<>();
    each.path("blocks").forEach(block -> open.add(block.asText()));
    boolean refused = each.has("refused");
    String host = each.path(refused ? "refused" : "public").asText();
    assertThat(OriginHost.address(host)).isNotNull();
    String refusal = new OriginsSettings(open).inner().refusal(host);
    assertThat(Objects.nonNull(refusal)).as(refusal).isEqualTo(refused);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void isABlockAsTheContractSays(JsonNode each) {
    if (each.has("good")) {
      String text = each.path("good").asText();
      assertThat(AddressBlock.parse(text)).isNotNull();
    } else {
      String text = each.path("bad").asText();
      assertThatIllegalArgumentException().isThrownBy(() -> AddressBlock.parse(text));
    }
  }
}
