package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
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

  /** Which ports those are depends on the machine and the user; where there is one, it is tried. */
  @Test
  void aPortThatIsForbiddenIsNamedAtOnce() throws IOException {
    assertThat(PortCheck.isForbidden(new BindException("Permission denied"))).isTrue();
    assertThat(PortCheck.isForbidden(new BindException("Address already in use"))).isFalse();
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(1));
    } catch (BindException e) {
      long begin = System.nanoTime();
      assertThatThrownBy(() -> PortCheck.require(1, "--port"))
          .isInstanceOf(CannotStart.class)
          .hasMessageContaining(
              "Permission denied".equals(e.getMessage())
                  ? "port 1 may not be listened on by this user (Permission denied)"
                  : "port 1 is in use")
          .hasMessageContaining("--port");
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isLessThan(Duration.ofSeconds("Permission denied".equals(e.getMessage()) ? 2 : 30));
    }
  }
}
