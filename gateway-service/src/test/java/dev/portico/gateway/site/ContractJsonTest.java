package dev.portico.gateway.site;

import static dev.portico.gateway.site.Contracts.golden;
import static dev.portico.gateway.site.Contracts.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.rule.Role;
import dev.portico.gateway.cache.semantics.CachePolicy;
import dev.portico.gateway.cache.semantics.KeySelection;
import dev.portico.gateway.cache.semantics.OriginRequestPolicy;
import dev.portico.gateway.exchange.ViewerFact;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.address.Cidr;
import dev.portico.gateway.response.policy.Cors;
import dev.portico.gateway.response.policy.HeaderRule;
import dev.portico.gateway.response.policy.PolicyRules;
import dev.portico.gateway.response.policy.ResponsePolicy;
import dev.portico.gateway.routing.Behaviour;
import dev.portico.gateway.routing.Behaviours;
import dev.portico.gateway.routing.Conventions;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.ErrorResponses;
import dev.portico.gateway.routing.FileHandling;
import dev.portico.gateway.routing.PathPattern;
import dev.portico.gateway.routing.ViewerProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sites, their settings and policies, with the examples in deploy/contracts. */
class ContractJsonTest {
  private static final String EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
  private static final String SECURITY = "67f7725c-6f97-4210-82d7-5512b31e9d03";

  @Test
  void readsASnapshot() throws IOException {
    try (InputStream in = golden("snapshot.json")) {
      assertThat(ContractJson.snapshot(in)).isEqualTo(docs());
    }
  }

  private static SiteSnapshot docs() {
    return new SiteSnapshot(
        "docs",
        42,
        true,
        List.of("docs.example.com"),
        "mfrggzdfmztwq2lknnwg",
        new GradualRelease("orsxg5dfmrsxa3dpplzg", 25, "1764370000123"),
        List.of(
            new EarlierDeployment(
                "ovwgs5dfojqxizlemnsw", Instant.parse("2026-11-02T10:15:30.500Z"))),
        Map.of("next", "nbswy3dpo5xxe3denbsw"),
        settings(),
        "mfrggzdfmztwq2lknnwg");
  }

  private static SiteSettings settings() {
    Duration second = Duration.ofSeconds(1);
    HttpOrigin api =
        new HttpOrigin(
            "api",
            true,
            "api.example.com",
            443,
            "/v2",
            true,
            second.multipliedBy(5),
            second.multipliedBy(30),
            second.multipliedBy(60),
            Duration.ZERO,
            2,
            List.of(new HttpOrigin.Field("X-Key", "opaque-7f3a")),
            true,
            new HttpOrigin.Breaker(5, second.multipliedBy(10)),
            new HttpOrigin.Probe("/health", second.multipliedBy(15)),
            new HttpOrigin.Failover("backup", Set.of(500, 502, 503, 504)));
    HttpOrigin backup =
        new HttpOrigin(
            "backup",
            false,
            "203.0.114.7",
            8080,
            "",
            false,
            second.multipliedBy(2),
            second.multipliedBy(20),
            second.multipliedBy(30),
            second.multipliedBy(90),
            1,
            List.of(),
            true,
            new HttpOrigin.Breaker(3, second.multipliedBy(20)),
            null,
            null);
    CachePolicy own =
        new CachePolicy(
            "short",
            second.multipliedBy(5),
            second.multipliedBy(60),
            second.multipliedBy(3600),
            true,
            new KeySelection(KeySelection.Mode.ONLY, Set.of("accept-language")),
            new KeySelection(KeySelection.Mode.ALL_EXCEPT, Set.of("session")),
            new KeySelection(KeySelection.Mode.ONLY, Set.of("page", "sort")),
            true,
            true,
            false,
            Map.of(404, second.multipliedBy(10), 503, second.multipliedBy(2)),
            true);
    CachePolicy disabled = disabled();
    Behaviours behaviours =
        Behaviours.of(
            List.of(
                new Behaviour(
                    PathPattern.of("/api/public/*"),
                    "api",
                    ViewerProtocol.HTTPS_ONLY,
                    "short",
                    "more",
                    "open",
                    "sold",
                    Set.of("GET", "HEAD", "OPTIONS"),
                    true,
                    true,
                    errors()),
                new Behaviour(
                    PathPattern.of("/api/*"),
                    "api",
                    ViewerProtocol.ALLOW_ALL,
                    disabled.id(),
                    EXCEPT_HOST,
                    SECURITY,
                    "staff",
                    Set.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"),
                    false,
                    false,
                    ErrorResponses.NONE),
                new Behaviour(
                    PathPattern.of("*.jpg"),
                    null,
                    ViewerProtocol.ALLOW_ALL,
                    null,
                    null,
                    "house",
                    null,
                    Set.of("GET", "HEAD"),
                    false,
                    false,
                    ErrorResponses.NONE)),
            new Behaviour(
                PathPattern.ALL,
                null,
                ViewerProtocol.REDIRECT_TO_HTTPS,
                null,
                null,
                null,
                null,
                Set.of("GET", "HEAD"),
                false,
                false,
                ErrorResponses.NONE));
    return new SiteSettings(
        true,
        new FileHandling(true, FileHandling.NotFound.SPA),
        "/home%20page.html",
        behaviours,
        Map.of("api", api, "backup", backup),
        Map.of("short", own, disabled.id(), disabled),
        Map.of("more", more(), EXCEPT_HOST, exceptHost()),
        Map.of("open", open(), SECURITY, security()),
        access());
  }

  private static SiteAccess access() {
    AccessPolicy staff =
        new AccessPolicy(
            "staff",
            true,
            List.of(Cidr.parse("203.0.114.0/24")),
            List.of(),
            null,
            null,
            null,
            new AccessPolicy.Accounts(
                Set.of("staff", "admins"),
                Set.of("trained"),
                Role.PUBLISHER,
                List.of(
                    new AccessPolicy.Claim("custom:department", Set.of("engineering", "design"))),
                Set.of("docs/read"),
                true,
                true,
                List.of(new AccessPolicy.ForwardedClaim("email", "X-User-Email")),
                true));
    PublicKey rsa = requireNonNull(PublicKeyPem.read(RSA));
    PublicKey ec = requireNonNull(PublicKeyPem.read(EC));
    assertThat(rsa.getAlgorithm()).isEqualTo("RSA");
    assertThat(ec.getAlgorithm()).isEqualTo("EC");
    AccessPolicy sold =
        new AccessPolicy(
            "sold",
            true,
            List.of(),
            List.of(Cidr.parse("198.51.100.0/24"), Cidr.parse("2001:db8::/32")),
            new AccessPolicy.Password(
                "$argon2id$v=19$m=19456,t=2,p=1$cG9ydGljby1zYWx0LTAxNg"
                    + "$xwOl4Ltqd0Jj6Z2KVGI4FEbxnXJRzKvdAcBeUcdAUUc",
                Duration.ofHours(1)),
            Map.of("K2JCJMDEHXQW5F", rsa, "next", ec),
            new AccessPolicy.Authorizer(
                "backup",
                "/authorize",
                Duration.ofMinutes(1),
                Set.of("cookie", "x-tenant"),
                List.of("X-Plan")),
            null);
    return SiteAccess.of(
        Map.of("staff", staff, "sold", sold),
        "staff",
        new SignIn("Docs", "#0b5fff", "/logo.svg"),
        new ApiAccess(true, Set.of("https://app.example.com")));
  }

  private static final String RSA =
      """
      -----BEGIN PUBLIC KEY-----
      MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAs5qdQJwWbaNyCcdZMO3c
      t8UuBt/hG2L0KakCwXTItr2ZGrySEE75eioACwBYKBn1+QfzCGFTo5MnHhEytvTQ
      1MWkmI/vaACXclRcTyfwVTvmqL50SZSrm0J/GXGqVJ0jkqEyL4hmzz8d5yQPcoK6
      2mOxr4GwPl/32K293Z9sMFJjaAkQeaWPvG+vo0Q6575Ssh2Nny3a8irJUW1R/Ij9
      S2EpZ8JsEZL7+dzNsgxvLtMOh2QNYgCQtLyOGMGojJTY49KLkfBJadtZ2dxKDZ/D
      3L5duxoyK40wDA9f5Ecax+Yhe/1PjUXtVbgaoEwxVL1MzckqTY2DGjUB9quTmMMc
      gQIDAQAB
      -----END PUBLIC KEY-----
      """;

  private static final String EC =
      """
      -----BEGIN PUBLIC KEY-----
      MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEAr1S1WFTnml94AtyHO+iqDFPYGNG
      ooccEt1Dcyp6FYvedcu2qD5gWs+mJxBSZA5wjK0PSAHUgTsvACx3x5zjTw==
      -----END PUBLIC KEY-----
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"device\": \"known\"",
        "\"signedIn\": \"yes\"",
        "\"requiredAddresses\": [\"10.0.0.1/8\"]",
        "\"requiredAddresses\": \"10.0.0.0/8\"",
        "\"member\": \"guest\"",
        "\"groups\": {\"any\": [], \"none\": [\"staff\"]}",
        "\"password\": {\"value\": null, \"rememberSeconds\": 60}",
        "\"claims\": [{\"name\": \"a\", \"values\": [\"b\"]}], \"signedIn\": false",
        "\"authorizer\": {\"origin\": \"api\"}"
      })
  void aPolicyThatIsNotUnderstoodLetsInNobody(String fields) throws IOException {
    String json =
        "{\"site\":\"docs\",\"version\":1,\"state\":\"active\",\"settings\":{"
            + "\"accessPolicies\":[{\"id\":\"a\","
            + fields
            + "}],\"defaultBehaviour\":{\"accessPolicy\":\"a\"}}}";
    SiteSettings read = ContractJson.snapshot(text(json)).settings();
    assertThat(read.accessPolicies(read.behaviours().otherwise(), "/", false))
        .extracting(AccessPolicy::understood)
        .containsExactly(false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"repair\"", "\"access\", \"device\""})
  void aSiteThatRequiresMoreIsServedToNobody(String requires) throws IOException {
    String json =
        "{\"site\":\"docs\",\"version\":1,\"state\":\"active\",\"settings\":{},\"requires\":["
            + requires
            + "]}";
    assertThat(ContractJson.snapshot(text(json)).settings()).isSameAs(SiteSettings.CLOSED);
    String preview = "{\"settings\":{},\"requires\":[" + requires + "]}";
    assertThat(ContractJson.previewSettings(text(preview))).isSameAs(SiteSettings.CLOSED);
    assertThat(
            SiteSettings.CLOSED.accessPolicies(
                SiteSettings.CLOSED.behaviours().of("/a"), "/a", false))
        .isNotEmpty();
  }

  /** What was held of it may be open to all. */
  @Test
  void aSiteWithRulesThatCannotBeReadIsClosed() throws IOException {
    String settings = "\"settings\":{\"defaultBehaviour\":{\"viewerProtocol\":\"quic\"}}}";
    String start = "{\"site\":\"docs\",\"version\":7,\"state\":\"active\",";
    SiteSnapshot closed =
        ContractJson.snapshot(text(start + "\"requires\":[\"access\"]," + settings));
    assertThat(closed.version()).isEqualTo(7);
    assertThat(closed.settings()).isSameAs(SiteSettings.CLOSED);
    assertThatThrownBy(() -> ContractJson.snapshot(text(start + settings)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void readsWhoseDefaultsHold() throws IOException {
    String json =
        """
        {"settings": {"files":
          {"pretty": true, "notFound": "page-or-spa", "conventions": "cloudflare-pages"}}}\
        """;
    assertThat(ContractJson.previewSettings(text(json)).files())
        .isEqualTo(
            new FileHandling(
                true, FileHandling.NotFound.PAGE_OR_SPA, Conventions.CLOUDFLARE_PAGES));
    assertThat(
            ContractJson.previewSettings(
                    text("{\"settings\":{\"files\":{\"conventions\":\"later\"}}}"))
                .files())
        .isEqualTo(FileHandling.DEFAULT);
  }

  @Test
  void readsSharedPolicies() throws IOException {
    try (InputStream in = golden("policies.json")) {
      List<SharedPolicy> read = ContractJson.policies(in);
      assertThat(read).extracting(SharedPolicy::id).containsExactly("house", "lists", "tenant");
      assertThat(read).extracting(SharedPolicy::version).containsExactly(1009L, 1004L, 998L);
      assertThat(requireNonNull(read.get(0).responseHeaders()).id()).isEqualTo("house");
      assertThat(requireNonNull(read.get(1).cache()).maxTtl()).isEqualTo(Duration.ofHours(1));
      assertThat(read.get(1).responseHeaders()).isNull();
      assertThat(requireNonNull(read.get(2).originRequest()).query()).isEqualTo(KeySelection.ALL);
    }
  }

  /** Its sites wait, and no others. */
  @Test
  void aSharedPolicyThatCannotBeReadIsNotThere() throws IOException {
    String json =
        """
        {"policies": [
          {"id": "a", "version": 1, "policy": {"kind": "geo", "geo": {}}},
          {"id": "b", "version": 2, "policy": {"kind": "cache",
            "cache": {"id": "b", "query": {"mode": "some"}}}},
          {"id": "c", "version": 3, "later": [1], "policy": {"kind": "cache",
            "cache": {"id": "c"}, "originRequest": null}}]}\
        """;
    assertThat(ContractJson.policies(text(json))).extracting(SharedPolicy::id).containsExactly("c");
    assertThat(ContractJson.policies(text("{}"))).isEmpty();
  }

  @Test
  void readsRolesOfMembers() throws IOException {
    try (InputStream in = golden("member.json")) {
      assertThat(ContractJson.role(in)).isEqualTo(Role.PUBLISHER);
    }
    assertThat(ContractJson.role(text("{\"role\":null}"))).isNull();
    assertThatThrownBy(() -> ContractJson.role(text("{}"))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ContractJson.role(text("{\"role\":\"guest\"}")))
        .isInstanceOf(IOException.class);
  }

  private static ErrorResponses errors() {
    return ErrorResponses.of(
        List.of(
            new ErrorResponse(403, "/errors/no way.html", 404, Duration.ZERO),
            new ErrorResponse(503, null, 503, Duration.ofSeconds(10))));
  }

  private static OriginRequestPolicy more() {
    return new OriginRequestPolicy(
        "more",
        new KeySelection(KeySelection.Mode.ONLY, Set.of("x-tenant", "host")),
        new KeySelection(KeySelection.Mode.ALL_EXCEPT, Set.of("ads")),
        KeySelection.ALL,
        Set.of(ViewerFact.ADDRESS, ViewerFact.MOBILE));
  }

  private static OriginRequestPolicy exceptHost() {
    return new OriginRequestPolicy(
        EXCEPT_HOST,
        new KeySelection(KeySelection.Mode.ALL_EXCEPT, Set.of("host")),
        KeySelection.ALL,
        KeySelection.ALL,
        Set.of());
  }

  private static PolicyRules open() {
    return PolicyRules.of(
        new ResponsePolicy(
            "open",
            List.of(
                new HeaderRule("Content-Security-Policy", "default-src 'self'", true),
                new HeaderRule("X-Content-Type-Options", "nosniff", true),
                new HeaderRule("X-Frame-Options", "DENY", false),
                new HeaderRule("Referrer-Policy", "same-origin", true),
                new HeaderRule("Strict-Transport-Security", "max-age=600; includeSubDomains", true),
                new HeaderRule("X-XSS-Protection", "1; report=https://example.com/xss", true),
                new HeaderRule("X-Team", "docs", true),
                new HeaderRule("X-Empty", "", false)),
            new Cors(
                true,
                List.of("X-Key"),
                List.of("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"),
                List.of("https://app.example.com", "*.example.org"),
                List.of("X-Total"),
                60,
                false),
            Set.of("X-Powered-By", "Server"),
            125_000));
  }

  private static PolicyRules security() {
    return PolicyRules.of(
        new ResponsePolicy(
            SECURITY,
            List.of(
                new HeaderRule("X-Content-Type-Options", "nosniff", true),
                new HeaderRule("X-Frame-Options", "SAMEORIGIN", false),
                new HeaderRule("Referrer-Policy", "strict-origin-when-cross-origin", false),
                new HeaderRule("Strict-Transport-Security", "max-age=31536000", false),
                new HeaderRule("X-XSS-Protection", "1; mode=block", false)),
            null,
            Set.of(),
            ResponsePolicy.NO_TIMING));
  }

  private static CachePolicy disabled() {
    return new CachePolicy(
        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        false,
        KeySelection.NONE,
        KeySelection.NONE,
        KeySelection.NONE,
        false,
        false,
        false,
        Map.of(),
        false);
  }

  private static SiteSettings defaults(boolean immutableAssets) {
    return new SiteSettings(
        immutableAssets,
        FileHandling.DEFAULT,
        null,
        SiteSettings.DEFAULT.behaviours(),
        Map.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        SiteAccess.OPEN);
  }

  @Test
  void readsThoseOfAPreview() throws IOException {
    try (InputStream in = golden("preview-settings.json")) {
      SiteSettings read = ContractJson.previewSettings(in);
      assertThat(read.immutableAssets()).isFalse();
      assertThat(read.files()).isEqualTo(new FileHandling(true, FileHandling.NotFound.PLAIN));
      assertThat(read.behaviours().of("/secret/a").viewerProtocol())
          .isEqualTo(ViewerProtocol.HTTPS_ONLY);
      assertThat(read.behaviours().otherwise().methods())
          .containsExactlyInAnyOrder("GET", "HEAD", "OPTIONS");
      AccessPolicy closed = requireNonNull(read.accessPolicy(read.behaviours().otherwise()));
      assertThat(closed.understood()).isTrue();
      AccessPolicy.Accounts accounts = requireNonNull(closed.accounts());
      assertThat(accounts.member()).isEqualTo(Role.VIEWER);
      assertThat(accounts.bearer()).isFalse();
    }
    assertThatThrownBy(() -> ContractJson.previewSettings(text("{}")))
        .isInstanceOf(IOException.class);
  }

  /** Of a content-service that knows less, and of one that knows more. */
  @Test
  void settingsMayLackFieldsAndHaveOthers() throws IOException {
    String site = "{\"site\": \"a\", \"version\": 1, \"state\": \"active\"%s}";
    assertThat(ContractJson.snapshot(text(site.formatted(""))).settings())
        .isEqualTo(SiteSettings.DEFAULT);
    assertThat(
            ContractJson.snapshot(
                    text(site.formatted(", \"settings\": {\"immutableAssets\": false}")))
                .settings())
        .isEqualTo(defaults(false));
    SiteSettings sparse =
        ContractJson.snapshot(
                text(
                    site.formatted(
                        """
                        , "settings": {
                          "later": [{}],
                          "origins": [{"id": "o", "host": "h.example", "later": {"a": [1]},
                                       "breaker": {"later": 1}, "probe": null}],
                          "cachePolicies": [{"id": "p", "later": 1, "query": {"later": []}}],
                          "behaviours": [{"pattern": "/a", "origin": "o", "cachePolicy": "p",
                                          "later": {}, "allowedMethods": ["GET"]}],
                          "defaultBehaviour": null}\
                        """)))
            .settings();
    Behaviour first = sparse.behaviours().of("/a");
    HttpOrigin origin = requireNonNull(sparse.origin(first));
    assertThat(origin.tls()).isTrue();
    assertThat(origin.port()).isEqualTo(443);
    assertThat(requireNonNull(sparse.cachePolicy(first)).query()).isEqualTo(KeySelection.NONE);
    Behaviour otherwise = sparse.behaviours().of("/b");
    assertThat(otherwise.methods()).containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(sparse.origin(otherwise)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"behaviours\": [{\"pattern\": \"/a\", \"origin\": \"o\"}]}",
        "{\"behaviours\": [{\"origin\": null}]}",
        "{\"defaultBehaviour\": {\"viewerProtocol\": \"none\"}}",
        "{\"origins\": [{\"id\": \"o\"}]}",
        "{\"origins\": [{\"id\": \"o\", \"host\": \"h\", \"failover\": {\"origin\": \"p\"}}]}",
        "{\"origins\": [{\"id\": \"o\", \"host\": \"h\", \"headers\": [{\"name\": \"n\"}]}]}",
        "{\"cachePolicies\": [{\"id\": \"p\", \"minTtlSeconds\": 2, \"maxTtlSeconds\": 1}]}",
        "{\"originRequestPolicies\": [{\"id\": \"p\", \"query\": {\"mode\": \"some\"}}]}",
        "{\"originRequestPolicies\": [{}]}",
        "{\"responseHeadersPolicies\": [{}]}",
        "{\"responseHeadersPolicies\": [{\"id\": \"p\", \"custom\": [{\"value\": \"v\"}]}]}",
        "{\"responseHeadersPolicies\": [{\"id\": \"p\", \"securityHeaders\":"
            + " {\"frameOptions\": {}}}]}",
        "{\"cachePolicies\": [{\"id\": \"p\", \"query\": {\"mode\": \"some\"}}]}",
        "{\"cachePolicies\": [{\"id\": \"p\", \"errorTtlSeconds\": {\"x\": 1}}]}",
      })
  void refusesSettingsThatCannotBeFollowed(String settings) {
    String json = "{\"site\": \"a\", \"version\": 1, \"settings\": " + settings + "}";
    assertThatThrownBy(() -> ContractJson.snapshot(text(json))).isInstanceOf(IOException.class);
  }

  /** It is a shared one, that may be known already or not. */
  @ParameterizedTest
  @ValueSource(strings = {"cachePolicy", "originRequestPolicy", "responseHeadersPolicy"})
  void aPolicyThatTheSettingsDoNotHaveIsLacking(String field) throws IOException {
    String json =
        "{\"site\": \"a\", \"version\": 1, \"settings\": {\"defaultBehaviour\": {\""
            + field
            + "\": \"p\"}}}";
    assertThat(ContractJson.snapshot(text(json)).settings().lacking()).containsExactly("p");
  }

  @Test
  void readsAPageOfSnapshots() throws IOException {
    try (InputStream in = golden("snapshots-page.json")) {
      SiteSnapshot shop =
          new SiteSnapshot(
              "shop", 3, false, List.of(), null, null, List.of(), Map.of(), defaults(true), null);
      assertThat(ContractJson.page(in))
          .isEqualTo(
              new SnapshotsPage(
                  1007,
                  "1007-0c9e4f21a6b85d73",
                  List.of(docs(), shop),
                  List.of(
                      new SnapshotsPage.Faulty(
                          "archive",
                          List.of("archive.example.com"),
                          "content-service cannot read it")),
                  null));
    }
  }

  /** A value of another type than is expected, or another structure. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"version\":\"1\"",
        "\"version\":99999999999999999999",
        "\"version\":1,\"deployment\":{\"version\":2},\"state\":\"active\"",
        "\"version\":1,\"aliases\":[{}]",
        "\"version\":1,\"settings\":{\"immutableAssets\":\"yes\"}",
      })
  void whateverIsInASiteOfAPageItLeavesTheOthers(String fields) throws IOException {
    SnapshotsPage page =
        ContractJson.page(
            text(
                "{\"sites\":[{\"site\":\"one\",\"hosts\":[\"a.example.com\"],"
                    + fields
                    + "},{\"site\":\"two\",\"version\":1}],\"position\":7}"));
    assertThat(page.sites()).extracting(SiteSnapshot::site).containsExactly("two");
    assertThat(page.faulty()).extracting(SnapshotsPage.Faulty::site).containsExactly("one");
    assertThat(page.faulty().getFirst().hosts()).containsExactly("a.example.com");
  }

  @Test
  void aFaultySiteOfAPageLeavesTheOthers() throws IOException {
    String settings = "\"settings\":{\"defaultBehaviour\":{\"origin\":\"gone\"}}";
    String header =
        "\"settings\":{\"origins\":[{\"id\":\"a\",\"host\":\"a\","
            + "\"headers\":[{\"name\":\"X\",\"value\":null}]}],\"site\":\"not it\"}";
    SnapshotsPage page =
        ContractJson.page(
            text(
                "{\"sites\":["
                    + "{\"site\":\"one\",\"version\":1,\"state\":\"active\"},"
                    + "{\"site\":\"two\",\"version\":1,"
                    + settings
                    + ",\"hosts\":[]},{"
                    + header
                    + ",\"hosts\":[\"three.example.com\"],\"site\":\"three\",\"aliases\":{\"site\":\"nor it\"},\"version\":1},"
                    + "{\"site\":\"four\",\"version\":1}],\"position\":7}"));
    assertThat(page.position()).isEqualTo(7);
    assertThat(page.sites()).extracting(SiteSnapshot::site).containsExactly("one", "four");
    assertThat(page.faulty())
        .extracting(SnapshotsPage.Faulty::site)
        .containsExactly("two", "three");
    assertThat(page.faulty().getFirst().reason()).contains("gone");
    assertThat(page.faulty().getLast().hosts()).containsExactly("three.example.com");
    assertThatThrownBy(() -> ContractJson.page(text("{\"position\":7,\"sites\":[{\"site\":")))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> ContractJson.page(text("{\"position\":7,\"sites\":[{}]}")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void skipsFieldsItDoesNotKnow() throws IOException {
    assertThat(
            ContractJson.snapshot(
                text(
                    """
                    {"site": "a", "version": 1, "state": "active", "rules": [[{}]],
                     "settings": {"new": {}, "immutableAssets": false}}\
                    """)))
        .isEqualTo(
            new SiteSnapshot(
                "a", 1, true, List.of(), null, null, List.of(), Map.of(), defaults(false), null));
  }
}
