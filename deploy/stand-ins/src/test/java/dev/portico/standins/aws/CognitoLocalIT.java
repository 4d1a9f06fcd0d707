package dev.portico.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ProcessFailure;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CognitoLocalIT {
  @TempDir Path folder;

  @Test
  void theJarStartsAndASecondOnItsPortSaysWhyNot() {
    var checkout = Checkout.locate();
    try (var first =
        CognitoLocal.start(checkout, folder.resolve("a"), 0, folder.resolve("a.log"))) {
      first.process().awaitReady();
      var second =
          CognitoLocal.start(checkout, folder.resolve("b"), first.port(), folder.resolve("b.log"));
      assertThatThrownBy(
              () -> {
                second.process().handle().waitFor();
                second.process().awaitReady();
              })
          .isInstanceOf(ProcessFailure.class)
          .hasMessageContaining("ended with status 1")
          .hasMessageContaining("Address already in use");
      assertThat(first.process().isAlive()).isTrue();
    }
  }
}
