package dev.portico.gateway.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/gateway-service.md has each category of an error, with its status. */
class EdgeErrorPageTest {
  private static final Pattern ROW = Pattern.compile("\\| `([a-z-]+)` \\| (\\d{3}) \\| \\S.* \\|");

  @Test
  void theTableIsTrue() throws IOException {
    Path page = Path.of(System.getProperty("portico.root"), "docs/gateway-service.md");
    List<String> told =
        Files.readAllLines(page).stream()
            .map(ROW::matcher)
            .filter(row -> row.matches())
            .map(row -> row.group(1) + ' ' + row.group(2))
            .toList();
    assertThat(told)
        .containsExactlyElementsOf(
            Arrays.stream(EdgeError.values())
                .map(error -> error.category() + ' ' + error.status())
                .toList());
  }
}
