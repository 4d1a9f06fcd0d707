package dev.portico.gateway.origin.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
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
 * The gateway refuses the addresses of deploy/contracts/inner-addresses.json, as content-service
 * does, and no others.
 */
class InnerAddressesContractTest {
  /**
   * A case.
   *
   * @param text an address or a block
   * @param good whether it is public, or a block
   * @param open blocks that the operator has opened
   */
  record Case(String text, boolean good, List<String> open) {}

  private static Stream<Case> cases(String list, String good, String bad) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    JsonNode file =
        JsonMapper.createDefault()
            .readValue(
                Files.readAllBytes(root.resolve("deploy/contracts/inner-addresses.json")),
                Argument.of(JsonNode.class));
    return StreamSupport.stream(file.get(list).values().spliterator(), false)
        .map(
            each -> {
              var open = new ArrayList<String>();
              if (each.get("blocks") != null) {
                each.get("blocks").values().forEach(block -> open.add(block.getStringValue()));
              }
              JsonNode named = each.get(good);
              String text = (named == null ? each.get(bad) : named).getStringValue();
              return new Case(text, named != null, open);
            });
  }

  static Stream<Case> addresses() throws IOException {
    return Stream.concat(
        cases("addresses", "public", "refused"), cases("opened", "public", "refused"));
  }

  static Stream<Case> blocks() throws IOException {
    return cases("blocks", "good", "bad");
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void isJudgedAsTheContractSays(Case each) {
    InetAddress address = AddressLiteral.read(each.text());
    assertThat(address).isNotNull();
    InnerAddresses rule = new InnerAddresses(each.open().stream().map(Cidr::parse).toList());
    assertThat(rule.refuses(Objects.requireNonNull(address))).isEqualTo(!each.good());
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void isABlockAsTheContractSays(Case each) {
    if (each.good()) {
      assertThat(Cidr.parse(each.text())).isNotNull();
    } else {
      assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(each.text()));
    }
  }
}
