package dev.portico.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.local.fixture.Program;
import dev.portico.local.fixture.Program.Result;
import dev.portico.system.fixture.Stack;
import dev.portico.system.fixture.SystemTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS by the certificate authority that is made at the first start. */
@SystemTest
@Timeout(300)
class HttpsIT {
  /** Of curl: the peer's certificate cannot be authenticated with known CA certificates. */
  private static final int UNTRUSTED = 60;

  @TempDir Path folder;

  @Test
  void theAuthorityThatIsHandedOutIsWhatAClientNeeds() {
    var stack = Stack.shared();
    // Shown once the demo site is there.
    assertThat(stack.adminPassword()).isNotEmpty();
    var ca = folder.resolve("ca.pem");
    stack.compose("cp", "gateway:/var/lib/portico/tls/ca.pem", ca.toString()).run().ok();
    for (int port : List.of(stack.httpsPort(), stack.scaledHttpsPort())) {
      await("the demo site over HTTPS")
          .untilAsserted(
              () -> {
                var page = get(port, "--cacert", ca.toString()).ok();
                assertThat(page.out()).isNotEmpty().isEqualTo(stack.get("demo", "/").body());
              });
      assertThat(get(port).status()).as("without the authority").isEqualTo(UNTRUSTED);
    }
  }

  private static Result get(int port, String... more) {
    var command = new ArrayList<>(List.of("curl", "-sS", "--fail"));
    command.addAll(List.of(more));
    command.add("https://demo.localhost:" + port + "/");
    return Program.of(command.toArray(String[]::new)).run();
  }
}
