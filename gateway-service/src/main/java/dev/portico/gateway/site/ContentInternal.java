package dev.portico.gateway.site;

import dev.portico.gateway.origin.OriginSettings;
import jakarta.inject.Singleton;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content-service's internal interface, as far as it is about sites. Blocks, and only virtual
 * threads may call it. The JDK's older client is used on purpose: it can time out a body that stops
 * arriving; for one that trickles there is a {@link Deadline}.
 */
@Singleton
final class ContentInternal {
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;
  private static final int TOO_LARGE = 413;
  private static final Duration POLL_SLACK = Duration.ofSeconds(5);

  private final FeedSettings settings;
  private final String secret;
  private final String base;

  ContentInternal(OriginSettings origins, FeedSettings settings) {
    this.settings = settings;
    this.secret = origins.contentSecret();
    String address = origins.contentInternal().toString();
    this.base = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  /**
   * Waits for changes after a position.
   *
   * @return the changes, or null when the position is of no use any more and all sites must be read
   */
  @Nullable Changes changes(ChangesQuestion question) throws IOException {
    Duration limit = question.longest().plus(settings.answerTimeout());
    return within(limit, () -> Optional.ofNullable(askChanges(question))).orElse(null);
  }

  private @Nullable Changes askChanges(ChangesQuestion question) throws IOException {
    HttpURLConnection call = open("POST", "/internal/changes");
    call.setReadTimeout(millis(question.longest().plus(POLL_SLACK)));
    send(call, ContractJson.changesRequest(question));
    if (status(call) == GONE) {
      discard(call);
      return null;
    }
    try (InputStream in = body(call)) {
      return ContractJson.changes(in);
    }
  }

  /**
   * Hands over counts of what browsers reported; a batch that is sent again counts once.
   *
   * @param batch as {@link ViolationsJson} writes it
   * @return false when content-service will never take it
   */
  boolean violations(byte[] batch) throws IOException {
    return within(settings.answerTimeout(), () -> sendViolations(batch));
  }

  private boolean sendViolations(byte[] batch) throws IOException {
    HttpURLConnection call = open("POST", "/internal/csp-reports");
    send(call, batch);
    int status = status(call);
    discard(call);
    return switch (status) {
      case NO_CONTENT -> true;
      case BAD_REQUEST, TOO_LARGE -> false;
      // That of a release without this route may be replaced any time.
      default -> throw new IOException("content-service answered " + status);
    };
  }

  /** Reads some of all sites, from the beginning when there is no cursor. */
  SnapshotsPage page(@Nullable String cursor) throws IOException {
    String query = cursor == null ? "" : "?cursor=" + encode(cursor);
    return within(
        settings.answerTimeout(),
        () -> {
          try (InputStream in = body(open("GET", "/internal/snapshots" + query))) {
            return ContractJson.page(in);
          }
        });
  }

  /** Reads one site, null when there is none of this name. */
  @Nullable SiteSnapshot snapshot(String site) throws IOException {
    return within(settings.answerTimeout(), () -> Optional.ofNullable(askSnapshot(site)))
        .orElse(null);
  }

  private @Nullable SiteSnapshot askSnapshot(String site) throws IOException {
    HttpURLConnection call = open("GET", "/internal/sites/" + encode(site) + "/snapshot");
    if (status(call) == NOT_FOUND) {
      discard(call);
      return null;
    }
    try (InputStream in = body(call)) {
      return ContractJson.snapshot(in);
    }
  }

  /** Reads the files of a deployment; never answers {@link ManifestAnswer#FAILED}. */
  ManifestAnswer manifest(String site, String deployment) throws IOException {
    return within(settings.answerTimeout(), () -> askManifest(site, deployment));
  }

  private ManifestAnswer askManifest(String site, String deployment) throws IOException {
    HttpURLConnection call = open("GET", manifestPath(site, deployment));
    int status = status(call);
    if (status == NOT_FOUND || status == GONE) {
      discard(call);
      return status == GONE ? ManifestAnswer.GONE : ManifestAnswer.UNKNOWN;
    }
    try (InputStream in = body(call)) {
      DeploymentFiles files = ContractJson.manifest(in);
      if (!files.deployment().equals(deployment)) {
        throw new IOException("asked for " + deployment + ", got " + files.deployment());
      }
      return new ManifestAnswer.Files(files);
    }
  }

  /**
   * Reads the settings of a preview; never answers {@link SettingsAnswer#FAILED}.
   *
   * @param context {@code preview} or {@code alias:{name}}
   */
  SettingsAnswer settings(DeploymentKey key, String context) throws IOException {
    return within(settings.answerTimeout(), () -> askSettings(key, context));
  }

  private SettingsAnswer askSettings(DeploymentKey key, String context) throws IOException {
    String path = deploymentPath(key.site(), key.deployment()) + "/settings";
    HttpURLConnection call = open("GET", path + "?context=" + encode(context));
    int status = status(call);
    if (status == NOT_FOUND || status == CONFLICT) {
      discard(call);
      return status == CONFLICT ? SettingsAnswer.REFUSED : SettingsAnswer.NONE;
    }
    try (InputStream in = body(call)) {
      byte[] json = in.readAllBytes();
      return new SettingsAnswer.Found(
          ContractJson.previewSettings(new ByteArrayInputStream(json)), json.length);
    }
  }

  /** Whether a deployment that has been read is still there. */
  boolean exists(String site, String deployment) throws IOException {
    return within(settings.answerTimeout(), () -> askExists(site, deployment));
  }

  private boolean askExists(String site, String deployment) throws IOException {
    HttpURLConnection call = open("GET", manifestPath(site, deployment));
    call.setRequestProperty("If-None-Match", '"' + deployment + '"');
    int status = status(call);
    if (status == OK) {
      // All of it again, though we have it: hang up.
      call.disconnect();
      return true;
    }
    discard(call);
    return switch (status) {
      case NOT_MODIFIED -> true;
      case NOT_FOUND, GONE -> false;
      default -> throw new IOException("content-service answered " + status);
    };
  }

  /** What content-service is asked. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private static <T> T within(Duration limit, Question<T> question) throws IOException {
    try (Deadline deadline = new Deadline(limit)) {
      try {
        return question.ask();
      } catch (IOException e) {
        if (deadline.passed()) {
          throw new IOException("content-service did not answer whole within " + limit, e);
        }
        throw e;
      }
    }
  }

  private static String manifestPath(String site, String deployment) {
    return deploymentPath(site, deployment) + "/manifest";
  }

  private static String deploymentPath(String site, String deployment) {
    return "/internal/sites/" + encode(site) + "/deployments/" + encode(deployment);
  }

  private HttpURLConnection open(String method, String path) throws IOException {
    HttpURLConnection call = (HttpURLConnection) URI.create(base + path).toURL().openConnection();
    call.setRequestMethod(method);
    call.setInstanceFollowRedirects(false);
    call.setUseCaches(false);
    call.setConnectTimeout(millis(settings.connectTimeout()));
    call.setReadTimeout(millis(settings.readTimeout()));
    call.setRequestProperty("Authorization", "Bearer " + secret);
    call.setRequestProperty("Accept", "application/json");
    return call;
  }

  private static void send(HttpURLConnection call, byte[] json) throws IOException {
    call.setDoOutput(true);
    call.setRequestProperty("Content-Type", "application/json");
    call.setFixedLengthStreamingMode(json.length);
    try (OutputStream out = call.getOutputStream()) {
      out.write(json);
    }
  }

  private static int status(HttpURLConnection call) throws IOException {
    return call.getResponseCode();
  }

  private static InputStream body(HttpURLConnection call) throws IOException {
    int status = status(call);
    if (status != OK) {
      discard(call);
      throw new IOException(
          "content-service answered " + status + " to " + call.getURL().getPath());
    }
    return new BufferedInputStream(call.getInputStream(), 1 << 16);
  }

  /** Reads what is left, so that the connection can be used again. */
  private static void discard(HttpURLConnection call) throws IOException {
    try (InputStream rest = call.getErrorStream()) {
      if (rest != null) {
        rest.transferTo(OutputStream.nullOutputStream());
      }
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
