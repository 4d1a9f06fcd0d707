package dev.portico.content.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.error.FieldError;
import dev.portico.content.fixture.ServiceMapper;
import dev.portico.content.member.SiteRole;
import dev.portico.content.settings.DeploymentSettings;
import dev.portico.content.settings.OriginsSettings;
import dev.portico.content.settings.PolicyKind;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.settings.SettingsDocument;
import dev.portico.content.settings.SettingsEnvironment;
import dev.portico.content.settings.SettingsFile;
import dev.portico.content.settings.SharedPolicies;
import dev.portico.content.settings.StoredSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What this service writes and reads is what deploy/contracts says. */
class ContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final io.micronaut.serde.ObjectMapper SERDE = ServiceMapper.create();

  /** Of "correct horse battery", by the reference implementation of argon2. */
  private static final String HASH =
      "$argon2id$v=19$m=19456,t=2,p=1$cG9ydGljby1zYWx0LTAxNg"
          + "$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvdAcBeUcdAUUc";

  /** The public keys of the snapshot, as JSON. */
  private static final List<String> KEYS = keys();

  private static List<String> keys() {
    try {
      var keys = new ArrayList<String>();
      JSON.readTree(golden("snapshot.json"))
          .at("/settings/publicKeys")
          .forEach(each -> keys.add(each.get("key").toString()));
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a team may have asked for, of which the snapshot carries the compiled form. */
  private static final SettingsDocument SETTINGS =
      StoredSettings.of("{}", Map.of("password sold", HASH))
          .replacedBy(
              """
              {"files": {"pretty": true, "notFound": "spa"}, "defaultRootObject": "home%20page.html",
               "origins": [
                 {"id": "api", "host": "api.example.com", "pathPrefix": "/v2", "httpVersion": "2",
                  "headers": [{"name": "X-Key", "value": "opaque-7f3a"}],
                  "probe": {"path": "/health", "intervalSeconds": 15},
                  "failover": {"origin": "backup"}},
                 {"id": "backup", "protocol": "http", "host": "203.0.114.7", "port": 8080,
                  "connectTimeoutSeconds": 2, "firstByteTimeoutSeconds": 20,
                  "idleTimeoutSeconds": 30, "requestTimeoutSeconds": 90, "attempts": 1,
                  "breaker": {"failures": 3, "openSeconds": 20}}],
               "cachePolicies": [
                 {"id": "unused"},
                 {"id": "short", "minTtlSeconds": 5, "defaultTtlSeconds": 60,
                  "maxTtlSeconds": 3600, "unsafeMinTtl": true,
                  "headers": {"mode": "only", "names": ["Accept-Language"]},
                  "cookies": {"mode": "all-except", "names": ["session"]},
                  "query": {"mode": "only", "names": ["page", "sort"]}, "sortQuery": true,
                  "brotli": false, "errorTtlSeconds": {"503": 2, "404": 10},
                  "viewerDirectives": true}],
               "originRequestPolicies": [
                 {"id": "more",
                  "headers": {"mode": "only", "names": ["X-Tenant", "Host"]},
                  "cookies": {"mode": "all-except", "names": ["ads"]},
                  "query": {"mode": "all"},
                  "viewerFacts":
                    ["CloudFront-Viewer-Address", "cloudfront-is-mobile-viewer"]},
                 {"id": "unused"}],
               "responseHeadersPolicies": [
                 {"id": "open",
                  "securityHeaders": {
                    "contentSecurityPolicy": {"value": "default-src 'self'"},
                    "contentTypeOptions": {},
                    "frameOptions": {"value": "DENY", "override": false},
                    "referrerPolicy": {"value": "same-origin"},
                    "strictTransportSecurity": {"maxAgeSeconds": 600, "includeSubdomains": true},
                    "xssProtection": {"reportUri": "https://example.com/xss"}},
                  "cors": {"allowCredentials": true, "allowHeaders": ["X-Key"],
                    "allowMethods": ["ALL"],
                    "allowOrigins": ["https://app.example.com", "*.example.org"],
                    "exposeHeaders": ["X-Total"], "maxAgeSeconds": 60, "originOverride": false},
                  "custom": [{"name": "X-Team", "value": "docs"},
                    {"name": "X-Empty", "override": false}],
                  "remove": ["X-Powered-By", "Server"],
                  "serverTiming": {"enabled": true, "samplingRate": 12.5}},
                 {"id": "unused"}],
               "behaviours": [
                 {"pattern": "/api/public/*", "origin": "api", "cachePolicy": "short",
                  "originRequestPolicy": "more", "responseHeadersPolicy": "open",
                  "accessPolicy": "sold",
                  "viewerProtocol": "https-only", "allowedMethods": ["GET", "HEAD", "OPTIONS"],
                  "cachedMethods": ["GET", "HEAD", "OPTIONS"], "compress": true,
                  "errorResponses": [
                    {"status": 403, "path": "/errors/no%20way.html", "responseStatus": 404,
                     "cachingMinTtlSeconds": 0},
                    {"status": 503}]},
                 {"pattern": "/api/*", "origin": "api", "cachePolicy": "CachingDisabled",
                  "originRequestPolicy": "AllViewerExceptHostHeader",
                  "responseHeadersPolicy": "SecurityHeadersPolicy", "accessPolicy": "staff",
                  "allowedMethods":
                    ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]},
                 {"pattern": "*.jpg", "responseHeadersPolicy": "house"}],
               "defaultBehaviour": {"viewerProtocol": "redirect-to-https"},
               "api": {"mounted": true, "corsOrigins": ["https://app.example.com"]},
               "accessPolicies": [
                 {"id": "staff", "exemptAddresses": ["203.0.114.0/24"],
                  "groups": {"any": ["staff", "admins"], "all": ["trained"]},
                  "member": "publisher",
                  "claims": [{"name": "custom:department", "values": ["engineering", "design"]}],
                  "scopes": ["docs/read"],
                  "forwardClaims": [{"claim": "email", "header": "X-User-Email"}]},
                 {"id": "sold", "requiredAddresses": ["198.51.100.0/24", "2001:db8::/32"],
                  "password": {"rememberSeconds": 3600},
                  "signedRequests": {"keyGroups": ["sales"]},
                  "authorizer": {"origin": "backup", "path": "/authorize", "cacheSeconds": 60,
                    "forwardHeaders": ["Cookie", "X-Tenant"], "contextHeaders": ["X-Plan"]},
                  "identityToken": false}],
               "previewAccess": "staff",
               "publicKeys": [
                 {"id": "K2JCJMDEHXQW5F", "key": FIRST},
                 {"id": "next", "key": SECOND}],
               "keyGroups": [{"id": "sales", "publicKeys": ["K2JCJMDEHXQW5F", "next"]}],
               "signIn": {"title": "Docs", "accent": "#0b5fff", "logo": "/logo.svg"}}\
              """
                  .replace("FIRST", KEYS.get(0))
                  .replace("SECOND", KEYS.get(1))
                  .getBytes(StandardCharsets.UTF_8),
              new SettingsEnvironment(
                  new OriginsSettings(List.of()),
                  ids -> Map.of("house", PolicyKind.RESPONSE_HEADERS)))
          .compiled();

  private static final Snapshot DOCS =
      new Snapshot(
          "docs",
          42,
          "active",
          List.of("docs.example.com"),
          "mfrggzdfmztwq2lknnwg",
          new Snapshot.Release("orsxg5dfmrsxa3dpplzg", 25, "1764370000123"),
          List.of(
              new Snapshot.Earlier(
                  "ovwgs5dfojqxizlemnsw", Instant.parse("2026-11-02T10:15:30.500Z"))),
          Map.of("next", "nbswy3dpo5xxe3denbsw"),
          List.of(Snapshot.ACCESS),
          SETTINGS,
          "mfrggzdfmztwq2lknnwg");

  private static String golden(String name) throws IOException {
    return Files.readString(
        Path.of(System.getProperty("portico.root", ".."))
            .resolve("deploy/contracts")
            .resolve(name));
  }

  private static void assertWritten(Object value, String name) throws IOException {
    assertThat(JSON.readTree(SERDE.writeValueAsString(value)))
        .isEqualTo(JSON.readTree(golden(name)));
  }

  @Test
  void readsTheGatewaysPoll() throws IOException {
    assertThat(SERDE.readValue(golden("changes-request.json"), ChangesRequest.class))
        .isEqualTo(
            new ChangesRequest(
                "gw-7f3a9c2e51d04b86",
                "0.1.0",
                1005,
                "1005-b7c2a90f5e6d4138",
                true,
                3000,
                Map.of(
                    "sites", 2L,
                    "release/docs/1764370000123/requests", 480L,
                    "release/docs/1764370000123/errors", 31L,
                    "release/docs/1764370000123/live-requests", 1510L,
                    "release/docs/1764370000123/live-errors", 2L)));
  }

  @Test
  void writesChanges() throws IOException {
    assertWritten(
        new ChangesResponse(
            1009,
            "1009-5d1f0b7a93c2e864",
            9000,
            false,
            List.of(
                Change.of(1006, "site", "docs", Instant.parse("2026-11-30T02:00:00.250Z")),
                Change.of(1007, "site", "shop", Instant.parse("2026-11-30T02:00:01Z")),
                Change.invalidation(
                    1008,
                    "shop",
                    new InvalidationSource.Invalidated(
                        List.of("/api/products/7", "/images/*"), List.of("product-7")),
                    Instant.parse("2026-11-30T02:00:01.500Z")),
                Change.policy(1009, "house", Instant.parse("2026-11-30T02:00:02Z")))),
        "changes-response.json");
  }

  @Test
  void writesChangesOfThePlatform() throws IOException {
    assertWritten(
        new ChangesResponse(
            1010,
            "1010-3b9e6d20f7a1c548",
            9000,
            false,
            List.of(
                new Change(1009, "controls", "*", null, null, null, null),
                Change.invalidation(1010, "*", InvalidationSource.Invalidated.ALL, null))),
        "changes-platform.json");
  }

  @Test
  void writesSnapshots() throws IOException {
    assertWritten(DOCS, "snapshot.json");
    Snapshot shop =
        new Snapshot(
            "shop",
            3,
            "deleted",
            List.of(),
            null,
            null,
            List.of(),
            Map.of(),
            List.of(),
            SettingsDocument.defaults(true),
            null);
    assertWritten(
        new SnapshotsResponse(
            1007,
            "1007-0c9e4f21a6b85d73",
            List.of(DOCS, shop),
            List.of(new SnapshotSource.Damaged("archive", List.of("archive.example.com"))),
            null),
        "snapshots-page.json");
  }

  @Test
  void writesSettingsOfAPreview() throws IOException {
    List<FieldError> faults = new ArrayList<>();
    SettingsFile file =
        SettingsFile.parse(
            """
            immutableAssets: false
            files: {pretty: true}
            context:
              preview:
                earlierAssetsSeconds: 3600
                files: {pretty: true, notFound: plain}
                behaviours: [{pattern: /secret/*, viewerProtocol: https-only}]
              aliases:
                next:
                  defaultBehaviour: {allowedMethods: [GET, HEAD, OPTIONS], accessPolicy: closed}
                  accessPolicies: [{id: closed, member: viewer, credentials: [session]}]
            """
                .getBytes(StandardCharsets.UTF_8),
            new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE),
            DeploymentSettings.ALL,
            faults);
    assertThat(faults).isEmpty();
    StoredSettings next = StoredSettings.none(true).with(file, SettingsContext.alias("next"));
    SettingsDocument settings = next.compiled();
    assertWritten(
        new PreviewSettings(Snapshot.requires(settings), settings), "preview-settings.json");
  }

  @Test
  void writesRolesOfMembers() throws IOException {
    assertWritten(new SiteRole("publisher"), "member.json");
  }
}
