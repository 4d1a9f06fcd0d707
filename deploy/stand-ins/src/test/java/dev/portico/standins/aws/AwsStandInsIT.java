package dev.portico.standins.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

  private static int status(URI address) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
