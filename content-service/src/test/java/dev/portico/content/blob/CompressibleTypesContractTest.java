package dev.portico.content.blob;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Variants are made of the types of deploy/contracts/compressible-types.json, by which the
 * gateway's responses vary, and of no others.
 */
class CompressibleTypesContractTest {
  private static List<String> types(String list) throws IOException {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    JsonNode file =
        new ObjectMapper()
            .readTree(Files.readString(root.resolve("deploy/contracts/compressible-types.json")));
    List<String> types = new ArrayList<>();
    file.path(list).forEach(type -> types.add(type.asText()));
    assertThat(types).isNotEmpty();
    return types;
  }

  @Test
  void areThoseOfTheContract() throws IOException {
    assertThat(CompressibleTypes.OTHERS).containsExactlyInAnyOrderElementsOf(types("named"));
    assertThat(types("named")).allMatch(CompressibleTypes::contains);
    assertThat(types("compressible")).allMatch(CompressibleTypes::contains);
    assertThat(types("others")).noneMatch(CompressibleTypes::contains);
  }
}
