package dev.portico.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class AwsStandInsIT {
  @Test
  void bothStandInsAnswerAndTheTableIsThere() throws IOException, InterruptedException {
    var environment = TestEnvironment.shared();
    environment.createTable(TestEnvironment.NAME);
    assertThat(Ports.isFree(environment.dynamoDb().port())).isFalse();
    assertThat(status(environment.s3().endpoint().resolve("/portico/"))).isEqualTo(403);
    assertThat(TestEnvironment.shared()).isSameAs(environment);
  }

  /** Neither asks who it is before it answers, or not everywhere. */
  @Test
  void bothListenOnTheLoopbackAlone() throws IOException {
    var environment = TestEnvironment.shared();
    var others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .toList();
    Assumptions.assumeFalse(others.isEmpty(), "only where there is a network");
    for (var port : List.of(environment.dynamoDb().port(), environment.s3().endpoint().getPort())) {
      for (var address : others) {
        assertThatThrownBy(() -> connect(address, port))
            .as(address.toString())
            .isInstanceOf(ConnectException.class);
      }
    }
  }

  private static void connect(InetAddress address, int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 5_000);
    }
  }

  private static int status(URI address) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
