package dev.portico.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The site that is there from the first start, published as any other: by digests, over the API.
 */
final class DemoSite {
  static final String NAME = "demo";

  /** Ordinarily some tenths of a second; a gateway that is gone counts for its lease of 10 s. */
  private static final Duration SERVED_WITHIN = Duration.ofSeconds(30);

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private DemoSite() {}

  /**
   * Publishes the demo site at the first start only: whoever deletes or changes it meant it.
   * Returns when every gateway serves it, so that whoever follows the address that is shown then
   * does not get a 404.
   *
   * @param gateway where the API answers
   * @param root the folder that has {@code deploy/local/demo}
   */
  static void publishOnce(DataFolder folder, URI gateway, String password, Path root) {
    if (folder.noted("demo").isPresent()) {
      return;
    }
    try (var api = new Api(gateway)) {
      api.signIn(UserPool.ADMIN, password);
      publish(api, root.resolve("deploy/local/demo"));
      folder.note("demo", "published");
      awaitServed(api);
    }
  }

  /** Waits until the gateways have applied every change, as they tell content-service. */
  private static void awaitServed(Api api) {
    var until = System.nanoTime() + SERVED_WITHIN.toNanos();
    while (true) {
      var gateways = api.expect("GET", "/v1/gateways", null, 200).body().path("items");
      var lags = gateways.findValues("lag");
      if (!lags.isEmpty() && lags.stream().allMatch(lag -> lag.asLong() == 0)) {
        return;
      }
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "the demo site is published, but not every gateway serves it after "
                + SERVED_WITHIN.toSeconds()
                + " s: "
                + gateways);
      }
      LockSupport.parkNanos(ASK_AGAIN.toNanos());
    }
  }

  /**
   * Creates the site and publishes the folder to it. Repeating it is harmless.
   *
   * @throws IllegalStateException when the API refuses
   */
  static void publish(Api api, Path folder) {
    api.expect("POST", "/v1/sites", Map.of("name", NAME, "title", "Portico's demo site"), 201, 409);
    publish(api, NAME, folder);
  }

  /** Publishes the folder to a site that exists. */
  static void publish(Api api, String site, Path folder) {
    var contents = read(folder);
    var byDigest = new HashMap<String, byte[]>();
    var files =
        contents.entrySet().stream()
            .map(
                file -> {
                  var digest = sha256(file.getValue());
                  byDigest.put(digest, file.getValue());
                  return Map.of(
                      "path", file.getKey(), "sha256", digest, "size", file.getValue().length);
                })
            .toList();
    var deployments = "/v1/sites/" + site + "/deployments";
    var begun = api.expect("POST", deployments, Map.of("files", files), 200, 201);
    var deployment = deployments + "/" + begun.text("id");
    for (var missing : begun.body().path("missing")) {
      var digest = missing.asText();
      api.send(
          deployment + "/blobs/" + digest,
          byDigest.getOrDefault(digest, new byte[0]),
          200,
          201,
          204);
    }
    api.expect("POST", deployment + "/seal?activate=true", null, 200, 201);
  }

  private static Map<String, byte[]> read(Path folder) {
    var contents = new TreeMap<String, byte[]>();
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var path = folder.relativize(file).toString().replace('\\', '/');
        contents.put("/" + path, Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the demo site in " + folder, e);
    }
    return contents;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
