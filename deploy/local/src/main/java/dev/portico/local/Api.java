package dev.portico.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Portico's public API, as any client of it would call it. */
final class Api implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int UNAVAILABLE = 503;

  /** How often one signs in where services that have only just started take too long to answer. */
  private static final int SIGN_INS = 10;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;
  private @Nullable String token;

  /**
   * @param base where the gateway answers, for example {@code http://localhost:8080}
   */
  Api(URI base) {
    this.base = base;
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param body the JSON in it; missing when there was none
   */
  record Answer(int status, JsonNode body) {
    /** The text of a field, or empty. */
    String text(String field) {
      return body.path(field).asText("");
    }
  }

  /** Signs in; later calls carry the access token. */
  void signIn(String username, String password) {
    var who = Map.of("username", username, "password", password);
    var answer = expect("POST", "/v1/auth/sign-in", who, 200, UNAVAILABLE);
    for (int tried = 1; answer.status() == UNAVAILABLE && tried < SIGN_INS; tried++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      answer = expect("POST", "/v1/auth/sign-in", who, 200, UNAVAILABLE);
    }
    if (answer.text("accessToken").isEmpty()) {
      throw new IllegalStateException(
          "sign-in as " + username + " gave no access token: " + answer.body());
    }
    token = answer.text("accessToken");
  }

  /**
   * Calls with a JSON body, which must be answered with one of the statuses.
   *
   * @throws IllegalStateException when it is not, with what the API said
   */
  Answer expect(String method, String path, @Nullable Object body, int... statuses) {
    try {
      var answer =
          body == null
              ? call(method, path, null, BodyPublishers.noBody())
              : call(
                  method,
                  path,
                  "application/json",
                  BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
      return checked(method, path, answer, statuses);
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + " failed: " + e, e);
    }
  }

  /** Sends bytes, which must be answered with one of the statuses. */
  void send(String path, byte[] bytes, int... statuses) {
    try {
      var answer = call("PUT", path, "application/octet-stream", BodyPublishers.ofByteArray(bytes));
      checked("PUT", path, answer, statuses);
    } catch (IOException e) {
      throw new IllegalStateException("PUT " + path + " failed: " + e, e);
    }
  }

  private Answer call(String method, String path, @Nullable String type, BodyPublisher body)
      throws IOException {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    if (type != null) {
      request.header("Content-Type", type);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      var response = client.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), JSON.readTree(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static Answer checked(String method, String path, Answer answer, int... statuses) {
    for (int status : statuses) {
      if (answer.status() == status) {
        return answer;
      }
    }
    throw new IllegalStateException(
        "%s %s was answered %d: %s".formatted(method, path, answer.status(), answer.body()));
  }

  @Override
  public void close() {
    client.close();
  }
}
