package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortCheckTest {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::"})
  void aPortInUseIsNamedWithItsUserAndTheOption(String address) throws IOException {
    try (var listener = new ServerSocket()) {
      listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
      int port = listener.getLocalPort();
      assertThatThrownBy(() -> PortCheck.require(port, "--port"))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining("port " + port + " is in use by ")
          .hasMessageContaining("(process " + ProcessHandle.current().pid() + ")")
          .hasMessageContaining("--port");
    }
  }
}
