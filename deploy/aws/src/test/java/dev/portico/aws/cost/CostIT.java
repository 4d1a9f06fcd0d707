package dev.portico.aws.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Program;
import dev.portico.aws.fixture.Program.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script, as a person runs it, from a folder of their own. */
class CostIT {
  private static final Path SCRIPT =
      Path.of(System.getProperty("portico.root")).resolve("deploy/cost");

  @TempDir private Path folder;

  private Result cost(String... arguments) {
    return Program.run(
        folder,
        Map.of("JAVA_HOME", System.getProperty("java.home")),
        Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(arguments)).toList());
  }

  @Test
  void printsTheReport() {
    List<String> arguments =
        List.of("--requests", "500e6", "--gb", "2000", "--shape", "production");
    Result result = cost(arguments.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out())
        .isEqualTo(Cost.report(arguments.toArray(String[]::new)))
        .contains("Least: ");
  }

  @Test
  void aMistakeIsNamedAndTold() {
    Result result = cost("--request", "1");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("cost: there is no option --request; options are ");
  }
}
