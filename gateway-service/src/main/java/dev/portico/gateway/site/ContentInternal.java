package dev.portico.gateway.site;

import static dev.portico.gateway.service.ServiceClient.discard;
import static dev.portico.gateway.service.ServiceClient.encode;
import static dev.portico.gateway.service.ServiceClient.millis;
import static dev.portico.gateway.service.ServiceClient.send;

import dev.portico.gateway.access.rule.Role;
import dev.portico.gateway.cache.HotBlob;
import dev.portico.gateway.control.Controls;
import dev.portico.gateway.origin.OriginSettings;
import dev.portico.gateway.service.ServiceClient;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Content-service's internal interface, as far as it is about sites. Blocks, and only virtual
 * threads may call it.
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
  private final ServiceClient client;

  ContentInternal(OriginSettings origins, FeedSettings settings) {
    this.settings = settings;
    this.client =
        new ServiceClient(
            "content-service",
            origins.contentInternal(),
            origins.contentSecret(),
            settings.connectTimeout(),
            settings.readTimeout());
  }

  /**
   * Waits for changes after a position.
   *
   * @return the changes, or null when the position is of no use any more and all sites must be read
   */
  @Nullable Changes changes(ChangesQuestion question) throws IOException {
    Duration limit = question.longest().plus(settings.answerTimeout());
    return client.within(limit, () -> Optional.ofNullable(askChanges(question))).orElse(null);
  }

  private @Nullable Changes askChanges(ChangesQuestion question) throws IOException {
    HttpURLConnection call = client.open("POST", "/internal/changes");
    call.setReadTimeout(millis(question.longest().plus(POLL_SLACK)));
    send(call, ContractJson.changesRequest(question));
    if (call.getResponseCode() == GONE) {
      discard(call);
      return null;
    }
    try (InputStream in = client.body(call)) {
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
    return client.within(settings.answerTimeout(), () -> sendViolations(batch));
  }

  private boolean sendViolations(byte[] batch) throws IOException {
    HttpURLConnection call = client.open("POST", "/internal/csp-reports");
    send(call, batch);
    int status = call.getResponseCode();
    discard(call);
    return switch (status) {
      case NO_CONTENT -> true;
      case BAD_REQUEST, TOO_LARGE -> false;
      // That of a release without this route may be replaced any time.
      default -> throw client.unexpected(call);
    };
  }

  /**
   * Tells what is hot here.
   *
   * @param report as {@link HotBlobsJson} writes it
   */
  void hotBlobs(byte[] report) throws IOException {
    client.within(settings.answerTimeout(), () -> sendHotBlobs(report));
  }

  /** The status, which is always that of a report that was taken. */
  private int sendHotBlobs(byte[] report) throws IOException {
    HttpURLConnection call = client.open("POST", "/internal/hot-blobs");
    send(call, report);
    int status = call.getResponseCode();
    discard(call);
    if (status != NO_CONTENT) {
      throw client.unexpected(call);
    }
    return status;
  }

  /** Reads what is hot at gateways, hottest first, within a time. */
  List<HotBlob> hotBlobs(Duration limit) throws IOException {
    return find(limit, "/internal/hot-blobs", HotBlobsJson::list).orElse(List.of());
  }

  /** Reads some of all sites, from the beginning when there is no cursor. */
  SnapshotsPage page(@Nullable String cursor) throws IOException {
    String query = cursor == null ? "" : "?cursor=" + encode(cursor);
    return client.within(
        settings.answerTimeout(),
        () -> {
          try (InputStream in = client.body(client.open("GET", "/internal/snapshots" + query))) {
            return ContractJson.page(in);
          }
        });
  }

  /** Reads all policies that sites share; null from a content-service that knows none. */
  @Nullable List<SharedPolicy> policies() throws IOException {
    return find("/internal/policies", ContractJson::policies).orElse(null);
  }

  /** Reads what admins have switched on; empty by a release that knows nothing of it. */
  Optional<Controls> controls() throws IOException {
    return find("/internal/controls", ContractJson::controls);
  }

  /** Reads one site, null when there is none of this name. */
  @Nullable SiteSnapshot snapshot(String site) throws IOException {
    return find("/internal/sites/" + encode(site) + "/snapshot", ContractJson::snapshot)
        .orElse(null);
  }

  private interface Reader<T> {
    T read(InputStream json) throws IOException;
  }

  private <T> Optional<T> find(String path, Reader<T> reader) throws IOException {
    return find(settings.answerTimeout(), path, reader);
  }

  /**
   * Reads what may not be there; empty when it is not, and by a release that does not know the
   * path.
   */
  private <T> Optional<T> find(Duration limit, String path, Reader<T> reader) throws IOException {
    return client.within(
        limit,
        () -> {
          HttpURLConnection call = client.open("GET", path);
          if (call.getResponseCode() == NOT_FOUND) {
            discard(call);
            return Optional.empty();
          }
          try (InputStream in = client.body(call)) {
            return Optional.of(reader.read(in));
          }
        });
  }

  /** Reads the files of a deployment; never answers {@link ManifestAnswer#FAILED}. */
  ManifestAnswer manifest(String site, String deployment) throws IOException {
    return client.within(settings.answerTimeout(), () -> askManifest(site, deployment));
  }

  private ManifestAnswer askManifest(String site, String deployment) throws IOException {
    HttpURLConnection call = client.open("GET", manifestPath(site, deployment));
    int status = call.getResponseCode();
    if (status == NOT_FOUND || status == GONE) {
      discard(call);
      return status == GONE ? ManifestAnswer.GONE : ManifestAnswer.UNKNOWN;
    }
    try (InputStream in = client.body(call)) {
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
    return client.within(settings.answerTimeout(), () -> askSettings(key, context));
  }

  private SettingsAnswer askSettings(DeploymentKey key, String context) throws IOException {
    String path = deploymentPath(key.site(), key.deployment()) + "/settings";
    HttpURLConnection call = client.open("GET", path + "?context=" + encode(context));
    int status = call.getResponseCode();
    if (status == NOT_FOUND || status == CONFLICT) {
      discard(call);
      return status == CONFLICT ? SettingsAnswer.REFUSED : SettingsAnswer.NONE;
    }
    try (InputStream in = client.body(call)) {
      byte[] json = in.readAllBytes();
      return new SettingsAnswer.Found(
          ContractJson.previewSettings(new ByteArrayInputStream(json)), json.length);
    }
  }

  /** Reads what an account is to a site; null: no member. */
  @Nullable Role role(String site, String subject) throws IOException {
    return client
        .within(settings.answerTimeout(), () -> Optional.ofNullable(askRole(site, subject)))
        .orElse(null);
  }

  private @Nullable Role askRole(String site, String subject) throws IOException {
    String path = "/internal/sites/" + encode(site) + "/members/" + encode(subject);
    try (InputStream in = client.body(client.open("GET", path))) {
      return ContractJson.role(in);
    }
  }

  /** Whether a deployment that has been read is still there. */
  boolean exists(String site, String deployment) throws IOException {
    return client.within(settings.answerTimeout(), () -> askExists(site, deployment));
  }

  private boolean askExists(String site, String deployment) throws IOException {
    HttpURLConnection call = client.open("GET", manifestPath(site, deployment));
    call.setRequestProperty("If-None-Match", '"' + deployment + '"');
    int status = call.getResponseCode();
    if (status == OK) {
      // All of it again, though we have it: hang up.
      call.disconnect();
      return true;
    }
    discard(call);
    return switch (status) {
      case NOT_MODIFIED -> true;
      case NOT_FOUND, GONE -> false;
      default -> throw client.unexpected(call);
    };
  }

  private static String manifestPath(String site, String deployment) {
    return deploymentPath(site, deployment) + "/manifest";
  }

  private static String deploymentPath(String site, String deployment) {
    return "/internal/sites/" + encode(site) + "/deployments/" + encode(deployment);
  }
}
