package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Responses of the types of deploy/contracts/compressible-types.json vary by Accept-Encoding, since
 * content-service makes variants of these.
 */
class CompressibleTypesContractTest {
  private static List<String> types(String list) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    JsonNode file =
        JsonMapper.createDefault()
            .readValue(
                Files.readAllBytes(root.resolve("deploy/contracts/compressible-types.json")),
                Argument.of(JsonNode.class));
    List<String> types = new ArrayList<>();
    file.get(list).values().forEach(type -> types.add(type.getStringValue()));
    assertThat(types).isNotEmpty();
    return types;
  }

  @Test
  void areThoseOfTheContract() throws IOException {
    assertThat(types("named")).allMatch(CompressibleTypes::contains);
    assertThat(types("compressible")).allMatch(CompressibleTypes::contains);
    assertThat(types("others")).noneMatch(CompressibleTypes::contains);
  }
}
