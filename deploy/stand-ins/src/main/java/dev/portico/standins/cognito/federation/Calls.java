package dev.portico.standins.cognito.federation;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls of a provider that are answered by JSON. */
final class Calls {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  private Calls() {}

  /** Reads what is at an address. */
  static JsonNode get(String address) {
    return send(to(address));
  }

  /** Posts a form. */
  static JsonNode post(String address, Map<String, String> form) {
    var body =
        form.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + '='
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        to(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Asks by an access token. */
  static JsonNode ask(String method, String address, String token) {
    return send(
        to(address)
            .header("Authorization", "Bearer " + token)
            .method(method, HttpRequest.BodyPublishers.noBody()));
  }

  private static HttpRequest.Builder to(String address) {
    return HttpRequest.newBuilder(URI.create(address))
        .timeout(TIMEOUT)
        .header("Accept", "application/json");
  }

  private static JsonNode send(HttpRequest.Builder builder) {
    var request = builder.build();
    try {
      var answer = HTTP.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new ProviderException(request.uri() + " answers " + answer.statusCode());
      }
      return JSON.readTree(answer.body());
    } catch (JacksonException e) {
      throw new ProviderException(request.uri() + " does not answer by JSON");
    } catch (IOException e) {
      throw new ProviderException(request.uri() + " does not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(request.uri() + " was not waited for");
    }
  }
}
