package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static final Path ROOT = Path.of("/srv/portico");

  @Test
  void defaultsAreTheDocumentedOnes() {
    assertThat(Options.parse(List.of(), ROOT))
        .isEqualTo(new Options(ROOT.resolve(".portico"), 8080, 8443, false));
  }

  @Test
  void everyOptionIsTaken() {
    assertThat(
            Options.parse(
                List.of("--fresh", "--port", "1234", "--https-port=4321", "--data=/var/x/../y"),
                ROOT))
        .isEqualTo(new Options(Path.of("/var/y"), 1234, 4321, true));
    assertThat(Options.parse(List.of("--no-https", "--no-build"), ROOT).httpsPort()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--prot|unknown option --prot",
        "--port|--port needs a value",
        "--port=x|--port takes a port from 1 to 65535, not \"x\"",
        "--port=0|from 1 to 65535",
        "--https-port=65536|from 1 to 65535",
        "--https-port=8080|they must differ",
      })
  void mistakesAreNamed(String argument, String message) {
    assertThatThrownBy(() -> Options.parse(List.of(argument), ROOT))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining(message);
  }
}
