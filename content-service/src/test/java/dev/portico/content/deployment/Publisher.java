package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A person who publishes over the API. */
final class Publisher {
  private static final AtomicInteger SITES = new AtomicInteger();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Supplier<URI> api;
  private final String token;

  Publisher(ContentServer server, String token) {
    this(() -> server.api(""), token);
  }

  /** At an API whose address may change when it is started anew. */
  Publisher(Supplier<URI> api, String token) {
    this.api = api;
    this.token = token;
  }

  String token() {
    return token;
  }

  /** Creates a site and returns its name. */
  String newSite() {
    String name = "site" + Long.toString(System.nanoTime(), 36) + SITES.incrementAndGet();
    Answer created = call("POST", "/v1/sites", "{\"name\":\"" + name + "\"}");
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return name;
  }

  Answer get(String path, String... headers) {
    return ContentServer.send("GET", uri(path), token, null, headers);
  }

  Answer call(String method, String path, String json, String... headers) {
    return ContentServer.send(method, uri(path), token, json, headers);
  }

  Answer post(String path, String... headers) {
    return ContentServer.send("POST", uri(path), token, null, headers);
  }

  Answer delete(String path) {
    return ContentServer.send("DELETE", uri(path), token, null);
  }

  Answer begin(String site, TestSite files) {
    return call("POST", "/v1/sites/" + site + "/deployments", files.manifest());
  }

  void sendMissing(String site, TestSite files, Answer begun) {
    Map<String, byte[]> blobs = files.blobs();
    begun
        .json()
        .path("missing")
        .forEach(
            digest -> {
              byte[] content = Objects.requireNonNull(blobs.get(digest.asText()));
              Answer sent =
                  sendBlob(site, begun.json().path("id").asText(), digest.asText(), content);
              assertThat(sent.status()).as(sent.text()).isIn(201, 204);
            });
  }

  Answer sendBlob(String site, String id, String digest, byte[] content) {
    return put(
        "/v1/sites/" + site + "/deployments/" + id + "/blobs/" + digest,
        BodyPublishers.ofByteArray(content));
  }

  Answer seal(String site, String id, String query) {
    return post("/v1/sites/" + site + "/deployments/" + id + "/seal" + query);
  }

  /** Publishes by digests, sending what is missing; returns the answer to the sealing. */
  Answer publishByDigests(String site, TestSite files, String query) {
    Answer begun = begin(site, files);
    assertThat(begun.status()).as(begun.text()).isIn(200, 201);
    sendMissing(site, files, begun);
    return seal(site, begun.json().path("id").asText(), query);
  }

  Answer publishArchive(String site, byte[] archive, String query) {
    return put("/v1/sites/" + site + "/deployments" + query, BodyPublishers.ofByteArray(archive));
  }

  Answer put(String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .timeout(Duration.ofMinutes(15))
            .header("Authorization", "Bearer " + token)
            .PUT(body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The bytes at a path. */
  byte[] download(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token).build();
    try {
      HttpResponse<InputStream> response = CLIENT.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        assertThat(response.statusCode()).isEqualTo(200);
        return body.readAllBytes();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private URI uri(String path) {
    return URI.create(api.get().toString() + path);
  }
}
