package dev.portico.content.auth;

import io.micronaut.json.JsonMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks auth-service at its internal port (deploy/contracts/README.md). Calls block. */
@Singleton
public final class AuthInternal {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int MOST_BYTES = 8 << 20;

  private final AuthSettings settings;
  private final JsonMapper json;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  AuthInternal(AuthSettings settings, JsonMapper json) {
    this.settings = settings;
    this.json = json;
  }

  /** Ends what is asked. */
  @PreDestroy
  void stop() {
    client.shutdownNow();
  }

  /** Whether there is a secret to ask with. */
  public boolean configured() {
    String secret = settings.secret();
    return secret != null && !secret.isBlank();
  }

  /**
   * Asks, and waits for the answer, whatever its status.
   *
   * @param path such as {@code /internal/revocations}
   * @param question what is sent, as JSON
   * @param longest how long the answer may take
   * @throws IOException when there is none in that time, or none that could be read whole
   */
  public HttpResponse<byte[]> post(String path, Object question, Duration longest)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address(path))
            .timeout(longest)
            .header("Authorization", "Bearer " + settings.secret())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(question)))
            .build();
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.body().length > MOST_BYTES) {
      throw new IOException("auth-service answered more than " + MOST_BYTES + " bytes");
    }
    return answer;
  }

  private URI address(String path) {
    String base = settings.internal().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
