package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.client.auth.api.AdministrationApi;
import dev.portico.client.auth.api.SessionApi;
import dev.portico.client.auth.api.UserApi;
import dev.portico.client.auth.model.Group;
import dev.portico.client.auth.model.SignIn;
import dev.portico.client.auth.model.SignOut;
import dev.portico.client.content.ApiClient;
import dev.portico.client.content.ApiException;
import dev.portico.client.content.api.DeploymentsApi;
import dev.portico.client.content.api.HostsApi;
import dev.portico.client.content.api.MembersApi;
import dev.portico.client.content.api.PublishingApi;
import dev.portico.client.content.api.SitesApi;
import dev.portico.client.content.model.AccessGroups;
import dev.portico.client.content.model.AccessPolicy;
import dev.portico.client.content.model.Action;
import dev.portico.client.content.model.AliasRequest;
import dev.portico.client.content.model.Behaviour;
import dev.portico.client.content.model.DeployTokenRequest;
import dev.portico.client.content.model.Deployment;
import dev.portico.client.content.model.DeploymentFile;
import dev.portico.client.content.model.Manifest;
import dev.portico.client.content.model.ManifestEntry;
import dev.portico.client.content.model.MemberRequest;
import dev.portico.client.content.model.Origin;
import dev.portico.client.content.model.OriginHeader;
import dev.portico.client.content.model.ProblemBody;
import dev.portico.client.content.model.Role;
import dev.portico.client.content.model.Site;
import dev.portico.client.content.model.SiteCreation;
import dev.portico.client.content.model.SitePatch;
import dev.portico.client.content.model.SiteSettings;
import dev.portico.local.fixture.LocalStack;
import dev.portico.local.fixture.Program;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The API, used through clients that openapi-generator made of the documents that the services
 * serve: what the documents say is what the services do.
 */
@Timeout(600)
class GeneratedClientIT {
  private static final LocalStack STACK = LocalStack.shared();

  private static ApiClient client;

  @TempDir Path folder;

  @BeforeAll
  static void signIn() throws Exception {
    client = content(accessToken());
  }

  private static dev.portico.client.auth.ApiClient auth() {
    var auth = new dev.portico.client.auth.ApiClient();
    auth.updateBaseUri(STACK.api().toString());
    return auth;
  }

  private static String accessToken() throws dev.portico.client.auth.ApiException {
    var answer =
        new SessionApi(auth())
            .signIn(new SignIn().username(LocalStack.ADMIN).password(STACK.password()));
    assertThat(answer.getTokenType()).isEqualTo("Bearer");
    assertThat(answer.getExpiresIn()).isPositive();
    assertThat(answer.getChallenge()).isNull();
    return String.valueOf(answer.getAccessToken());
  }

  private static ApiClient content(String token) {
    var made = new ApiClient();
    made.updateBaseUri(STACK.api().toString());
    made.setObjectMapper(new FileBodies());
    made.setRequestInterceptor(request -> request.setHeader("Authorization", "Bearer " + token));
    return made;
  }

  /** Sends a file's bytes; the generator's native library would send its path, as JSON. */
  private static final class FileBodies extends ObjectMapper {
    FileBodies() {
      super(ApiClient.createDefaultObjectMapper());
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws JsonProcessingException {
      if (value instanceof File file) {
        try {
          return Files.readAllBytes(file.toPath());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return super.writeValueAsBytes(value);
    }

    @Override
    public ObjectMapper copy() {
      return new FileBodies();
    }
  }

  private static Site newSite(String name) throws ApiException {
    return new SitesApi(client).createSite(new SiteCreation().name(name));
  }

  private File archive(String page) throws IOException {
    var site = Files.createTempDirectory(folder, "site");
    Files.createDirectories(site.resolve("assets/fonts"));
    Files.writeString(site.resolve("index.html"), "<h1>" + page + "</h1>");
    Files.writeString(site.resolve("assets/fonts/a b.txt"), "a file below");
    var tar = folder.resolve(page + ".tar");
    Program.of("tar", "cf", tar.toString(), "-C", site.toString(), ".").run().ok();
    return tar.toFile();
  }

  private static Deployment publish(String site, File archive, @Nullable Boolean activate)
      throws ApiException {
    return new PublishingApi(client)
        .publishArchive(site, archive, activate, null, "a title", null, null);
  }

  private static void assertShows(String site, String page) {
    await()
        .untilAsserted(
            () ->
                assertThat(STACK.get(site + ".localhost", "/").body())
                    .contains("<h1>" + page + "</h1>"));
  }

  private static ProblemBody problem(int status, ThrowingCallable call) throws IOException {
    var failure = catchThrowableOfType(ApiException.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.getCode()).isEqualTo(status);
    assertThat(failure.getResponseHeaders().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    var problem = client.getObjectMapper().readValue(failure.getResponseBody(), ProblemBody.class);
    assertThat(problem.getStatus()).isEqualTo(status);
    assertThat(problem.getTitle()).isNotBlank();
    assertThat(problem.getDetail()).isNotBlank();
    assertThat(problem.getInstance()).isNotBlank();
    return problem;
  }

  // Failures.

  @Test
  void aProblemOfTheContentApiComesWithItsFields() throws IOException {
    var sites = new SitesApi(client);
    var invalid = problem(400, () -> sites.createSite(new SiteCreation().name("Not a name")));
    assertThat(invalid.getType()).endsWith("/validation");
    assertThat(invalid.getErrors())
        .singleElement()
        .satisfies(error -> assertThat(error.getField()).isEqualTo("name"))
        .satisfies(error -> assertThat(error.getReason()).isNotBlank());
    var missing = problem(404, () -> sites.getSite("nowhere"));
    assertThat(missing.getType()).endsWith("/not-found");
    assertThat(missing.getErrors()).isNullOrEmpty();
    var deployments = new DeploymentsApi(client);
    assertThat(problem(404, () -> deployments.rollBack("nowhere", null)).getType())
        .endsWith("/not-found");
    assertThat(problem(401, () -> new SitesApi(content("nonsense")).listSites(1, null)).getDetail())
        .contains("malformed");
  }

  @Test
  void aProblemOfTheAuthApiComesWithItsFields() throws Exception {
    var failure =
        catchThrowableOfType(
            dev.portico.client.auth.ApiException.class,
            () ->
                new SessionApi(auth())
                    .signIn(new SignIn().username(LocalStack.ADMIN).password("a wrong one")));
    assertThat(failure.getCode()).isEqualTo(401);
    var problem =
        auth()
            .getObjectMapper()
            .readValue(failure.getResponseBody(), dev.portico.client.auth.model.ProblemBody.class);
    assertThat(problem.getStatus()).isEqualTo(401);
    assertThat(problem.getType()).startsWith("https://");
    assertThat(problem.getInstance()).isNotBlank();
  }

  // What works.

  /** Else the clients would be of some other document. */
  @Test
  void theDocumentsThatAreServedAreThoseOfTheBuild() throws Exception {
    var root = LocalStack.script().resolve("../../..").normalize();
    var served =
        List.of(
            List.of(
                "/v1/openapi.yml", "content-service/target/classes/META-INF/swagger/openapi.yml"),
            List.of(
                "/v1/auth/openapi.yml",
                "auth-service/target/classes/META-INF/swagger/auth-service-1.yml"));
    try (var http = HttpClient.newHttpClient()) {
      for (var each : served) {
        var request =
            HttpRequest.newBuilder(URI.create(STACK.api() + each.getFirst()))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(each.getFirst()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(Files.readString(root.resolve(each.getLast())));
      }
    }
  }

  @Test
  void publishesActivatesAndRollsBack() throws Exception {
    assumeTrue(Program.isThere("tar"), "tar is not installed");
    var site = newSite("generated");
    assertThat(site.getState()).isEqualTo("active");
    assertThat(site.getCreatedAt()).isNotNull();
    assertThat(site.getDeployment()).isNull();

    var one = publish("generated", archive("one"), null);
    assertThat(one.getActive()).isTrue();
    assertThat(one.getFiles()).isEqualTo(2);
    assertThat(one.getTitle()).isEqualTo("a title");
    assertShows("generated", "one");
    var two = publish("generated", archive("two"), false);
    assertThat(two.getActive()).isFalse();

    var deployments = new DeploymentsApi(client);
    var newest = deployments.listDeployments("generated", 1, null);
    assertThat(newest.getItems()).extracting(Deployment::getId).containsExactly(two.getId());
    var oldest = deployments.listDeployments("generated", 1, newest.getNext());
    assertThat(oldest.getItems()).extracting(Deployment::getId).containsExactly(one.getId());

    assertThat(deployments.listFiles("generated", one.getId(), "/", 50, null).getItems())
        .extracting(DeploymentFile::getPath)
        .containsExactly("/assets/fonts/a b.txt", "/index.html");
    var file =
        deployments.downloadFile("generated", one.getId(), "assets/fonts/a b.txt", null, null);
    assertThat(file).hasContent("a file below");
    var tar = deployments.downloadArchive("generated", one.getId());
    assertThat(Program.of("tar", "tf", tar.toString()).run().ok().out()).contains("index.html");

    assertThat(deployments.activateDeployment("generated", two.getId(), null).getActive()).isTrue();
    assertShows("generated", "two");
    assertThat(deployments.rollBack("generated", null).getId()).isEqualTo(one.getId());
    assertShows("generated", "one");

    var alias =
        deployments.putAlias("generated", "next", new AliasRequest().deployment(two.getId()), null);
    assertThat(deployments.getAlias("generated", "next")).isEqualTo(alias);
    assertThat(alias.getUrl()).contains("next--generated");
    assertThat(deployments.listAliases("generated", 1, null).getItems()).hasSize(1);
    deployments.deleteAlias("generated", "next", "*");
    deployments.deleteDeployment("generated", two.getId());
    assertThat(deployments.getDeployment("generated", two.getId()).getState()).isEqualTo("deleted");
  }

  @Test
  void publishesByDigests() throws Exception {
    newSite("generated-digests");
    var page = folder.resolve("index.html");
    Files.writeString(page, "<h1>by digests</h1>");
    var digest =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(page)));
    var publishing = new PublishingApi(client);
    var manifest =
        new Manifest()
            .files(
                List.of(
                    new ManifestEntry().path("/index.html").sha256(digest).size(Files.size(page))));
    var upload = publishing.beginUpload("generated-digests", manifest);
    assertThat(upload.getMissing()).containsExactly(digest);
    publishing.putBlob("generated-digests", upload.getId(), digest, page.toFile());
    var sealed = publishing.sealDeployment("generated-digests", upload.getId(), true, null, null);
    assertThat(sealed.getState()).isEqualTo("sealed");
    assertShows("generated-digests", "by digests");
  }

  @Test
  void listsSitesPageByPage() throws Exception {
    var made = List.of("generated-page-1", "generated-page-2", "generated-page-3");
    for (var name : made) {
      newSite(name);
    }
    var sites = new SitesApi(client);
    var names = new ArrayList<String>();
    var page = sites.listSites(2, null);
    while (true) {
      assertThat(page.getItems()).hasSizeLessThanOrEqualTo(2);
      page.getItems().forEach(site -> names.add(site.getName()));
      if (page.getNext() == null) {
        break;
      }
      page = sites.listSites(2, page.getNext());
    }
    assertThat(names).doesNotHaveDuplicates().containsAll(made);
  }

  @Test
  void changesAndDeletesASite() throws Exception {
    var sites = new SitesApi(client);
    var site = newSite("generated-changed");
    var patch = new SitePatch().title("Ünicode");
    assertThat(problem(428, () -> sites.updateSite("generated-changed", patch, null)).getErrors())
        .isNullOrEmpty();
    var changed = sites.updateSite("generated-changed", patch, "\"" + site.getVersion() + "\"");
    assertThat(changed.getTitle()).isEqualTo("Ünicode");
    sites.deleteSite("generated-changed", null);
    assertThat(sites.getSite("generated-changed").getRestorableUntil()).isNotNull();
    assertThat(sites.restoreSite("generated-changed").getState()).isEqualTo("active");
  }

  @Test
  void replacesTheSettingsOfASite() throws Exception {
    var sites = new SitesApi(client);
    newSite("generated-settings");
    assertThat(sites.getSettings("generated-settings", null, null, null).getImmutableAssets())
        .isTrue();
    var document =
        new SiteSettings()
            .immutableAssets(false)
            .addOriginsItem(
                new Origin()
                    .id("api")
                    .host("api.example.com")
                    .protocol(Origin.ProtocolEnum.HTTP)
                    .addHeadersItem(new OriginHeader().name("X-Key").value("opaque")))
            .addBehavioursItem(
                new Behaviour()
                    .pattern("/api/*")
                    .origin("api")
                    .cachePolicy("CachingDisabled")
                    // A generated client sends an empty list for what is not set.
                    .allowedMethods(List.of("GET", "HEAD")));
    var changed = sites.putSettings("generated-settings", document, "*");
    assertThat(changed.getOrigins().getFirst().getPort()).isEqualTo(80);
    assertThat(changed.getOrigins().getFirst().getHeaders().getFirst().getValue()).isNull();
    assertThat(sites.putSettings("generated-settings", changed, "*")).isEqualTo(changed);
    assertThat(sites.getSettings("generated-settings", null, null, null)).isEqualTo(changed);
    document.addBehavioursItem(new Behaviour().pattern("/b").origin("b"));
    assertThat(
            problem(400, () -> sites.putSettings("generated-settings", document, "*")).getErrors())
        .anyMatch(error -> error.getField().equals("behaviours[1].origin"));
  }

  @Test
  void managesMembersTokensAndHosts() throws Exception {
    newSite("generated-members");
    var caller = new dev.portico.client.auth.ApiClient();
    caller.updateBaseUri(STACK.api().toString());
    var token = accessToken();
    caller.setRequestInterceptor(request -> request.setHeader("Authorization", "Bearer " + token));
    var me = new UserApi(caller).me();
    assertThat(me.getGroups()).contains("admins");

    var members = new MembersApi(client);
    var publisher = new MemberRequest().role(Role.PUBLISHER);
    members.putMember("generated-members", "somebody", publisher, null);
    var read = members.getMemberWithHttpInfo("generated-members", "somebody");
    assertThat(read.getData().getRole()).isEqualTo(Role.PUBLISHER);
    String tag = Objects.requireNonNull(read.getHeaders().get("etag")).getFirst();
    assertThat(members.listMembers("generated-members", 50, null).getItems())
        .anySatisfy(
            member -> {
              assertThat(member.getSub()).isEqualTo(me.getSub());
              assertThat(member.getRole()).isEqualTo(Role.OWNER);
            })
        .anySatisfy(member -> assertThat(member.getRole()).isEqualTo(Role.PUBLISHER));
    var stale =
        catchThrowableOfType(
            ApiException.class,
            () -> members.deleteMember("generated-members", "somebody", "\"stale\""));
    assertThat(stale.getCode()).isEqualTo(412);
    members.deleteMember("generated-members", "somebody", tag);

    var wanted = new DeployTokenRequest().title("CI").actions(List.of(Action.READ));
    var made = members.createToken("generated-members", wanted, "generated-key");
    var repeated = members.createToken("generated-members", wanted, "generated-key");
    assertThat(repeated.getId()).isEqualTo(made.getId());
    assertThat(repeated.getToken()).isNull();
    assertThat(made.getActions()).containsExactly("read");
    var ci = new SitesApi(content(String.valueOf(made.getToken())));
    assertThat(ci.getSite("generated-members").getName()).isEqualTo("generated-members");
    assertThat(members.listTokens("generated-members", 50, null).getItems())
        .singleElement()
        .satisfies(listed -> assertThat(listed.getToken()).isNull());
    members.deleteToken("generated-members", made.getId());
    assertThat(members.listAudit("generated-members", 50, null).getItems()).hasSizeGreaterThan(3);

    var hosts = new HostsApi(client);
    var host = hosts.putHost("generated-members", "www.generated.example", null);
    assertThat(host.getState()).isEqualTo("pending");
    assertThat(hosts.listHosts("generated-members", 50, null).getItems()).hasSize(1);
    hosts.deleteHost("generated-members", "www.generated.example", null);
  }

  /** auth-service writes it down; content-service knows whose concern it is. */
  @Test
  void readsWhatWasDoneToTheGroupsThatASiteLetsIn() throws Exception {
    newSite("generated-groups");
    var token = accessToken();
    var caller = auth();
    caller.setRequestInterceptor(request -> request.setHeader("Authorization", "Bearer " + token));
    var me = new UserApi(caller).me();
    var administration = new AdministrationApi(caller);
    for (var name : List.of("generated-readers", "generated-others")) {
      administration.createGroup(new Group().name(name));
      administration.addGroupMember(name, me.getUsername());
    }

    var members = new MembersApi(client);
    assertThat(members.listGroupAudit("generated-groups", 50, null, null).getItems()).isEmpty();
    new SitesApi(client)
        .putSettings(
            "generated-groups",
            new SiteSettings()
                .addAccessPoliciesItem(
                    new AccessPolicy()
                        .id("readers")
                        .groups(new AccessGroups().addAnyItem("generated-readers")))
                .addBehavioursItem(new Behaviour().pattern("/team/*").accessPolicy("readers")),
            "*");
    var newest = members.listGroupAudit("generated-groups", 1, null, null);
    assertThat(newest.getItems())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.getAction()).isEqualTo("group.add");
              assertThat(entry.getDetails()).isEqualTo(Map.of("group", "generated-readers"));
              assertThat(entry.getAccount()).isEqualTo(me.getSub());
              assertThat(entry.getBy()).isEqualTo(me.getSub());
              assertThat(entry.getClient()).isNotBlank();
            });
    var rest = members.listGroupAudit("generated-groups", 1, newest.getNext(), null);
    assertThat(rest.getItems())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getAction()).isEqualTo("group.create"));
    assertThat(rest.getNext()).isNull();
    var refused =
        problem(
            400, () -> members.listGroupAudit("generated-groups", 50, null, "generated-others"));
    assertThat(refused.getErrors()).anyMatch(error -> error.getField().equals("group"));
  }

  @Test
  void signsOut() throws Exception {
    var session =
        new SessionApi(auth())
            .signIn(new SignIn().username(LocalStack.ADMIN).password(STACK.password()));
    var caller = auth();
    caller.setRequestInterceptor(
        request -> request.setHeader("Authorization", "Bearer " + session.getAccessToken()));
    assertThat(new UserApi(caller).me().getUsername()).isNotBlank();
    new SessionApi(caller).signOut(new SignOut().refreshToken(session.getRefreshToken()));
    assertThat(
            catchThrowableOfType(
                    dev.portico.client.auth.ApiException.class, () -> new UserApi(caller).me())
                .getCode())
        .isEqualTo(401);
  }
}
