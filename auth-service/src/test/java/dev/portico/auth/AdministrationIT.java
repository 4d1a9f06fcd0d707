package dev.portico.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.auth.fixture.Answer;
import dev.portico.auth.fixture.LogLines;
import dev.portico.auth.fixture.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.cognitoidentityprovider.model.GroupExistsException;
import software.amazon.awssdk.services.cognitoidentityprovider.model.NotAuthorizedException;

/** What administrators do, who else may not, and what is written down of it. */
class AdministrationIT {
  private static final String USERS = "/v1/auth/users";
  private static final String GROUPS = "/v1/auth/groups";
  private static final Pool POOL = Pool.create();
  private static final RunningService SERVICE =
      RunningService.start(POOL, client -> client.generateSecret(true));
  private static final String ROOT = administrator();

  private final LogLines lines = LogLines.of("dev.portico.audit");

  /** An account in the group {@code admins}; returns its address. */
  private static String administrator() {
    try {
      POOL.cognito().createGroup(group -> group.userPoolId(POOL.id()).groupName("admins"));
    } catch (GroupExistsException e) {
      // Made for another administrator.
    }
    String address = POOL.account();
    POOL.cognito()
        .adminAddUserToGroup(
            member -> member.userPoolId(POOL.id()).username(address).groupName("admins"));
    return address;
  }

  private static String token(String address) {
    return SERVICE.signIn(address, Pool.PASSWORD).field("accessToken");
  }

  @AfterEach
  void detach() {
    lines.close();
  }

  /** What the audit log has of these tests, but for their signing in. */
  private List<String> changes() {
    return lines.all().stream().filter(line -> !line.contains("\"audit\":\"sign-in\"")).toList();
  }

  @AfterAll
  static void stop() {
    SERVICE.close();
  }

  private static Answer as(String token, String method, String path, String body) {
    return SERVICE.call(method, path, body, token);
  }

  private static Answer done(Answer answer, int status) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    return answer;
  }

  private static String create(String token, String address) {
    return done(
            as(
                token,
                "POST",
                USERS,
                """
                {"username": "%s", "temporaryPassword": "Temporary-Word-1", "invitation": false,
                 "attributes": {"name": "Ann"}}
                """
                    .formatted(address)),
            201)
        .field("username");
  }

  @Test
  void anAccountIsMadeShownAndDeleted() throws IOException {
    String token = token(ROOT);
    String address = Pool.freshAddress();
    String username = create(token, address);
    Answer shown = done(as(token, "GET", USERS + '/' + username, ""), 200);
    assertThat(shown.field("email")).isEqualTo(address);
    assertThat(shown.json().get("emailVerified").asBoolean()).isTrue();
    assertThat(shown.field("status")).isEqualTo("FORCE_CHANGE_PASSWORD");
    assertThat(shown.json().get("enabled").asBoolean()).isTrue();
    assertThat(shown.json().at("/attributes/name").asText()).isEqualTo("Ann");
    assertThat(shown.json().get("groups")).isEmpty();
    assertThat(shown.field("created")).startsWith("20");
    assertThat(as(token, "GET", USERS + '/' + address.replace("@", "%40"), "").text())
        .isEqualTo(shown.text());
    assertThat(SERVICE.signIn(address, "Temporary-Word-1").field("challenge"))
        .isEqualTo("NEW_PASSWORD_REQUIRED");

    Answer twice =
        as(token, "POST", USERS, "{\"username\":\"" + address + "\",\"invitation\":false}");
    assertThat(done(twice, 409).problem()).isEqualTo("already-exists");
    Answer weak =
        as(
            token,
            "POST",
            USERS,
            "{\"username\":\"" + Pool.freshAddress() + "\",\"temporaryPassword\":\"weak\"}");
    assertThat(done(weak, 400).json().at("/errors/0/field").asText())
        .isEqualTo("temporaryPassword");

    done(as(token, "DELETE", USERS + '/' + username, ""), 204);
    assertThat(done(as(token, "GET", USERS + '/' + username, ""), 404).problem())
        .isEqualTo("not-found");
    done(as(token, "DELETE", USERS + '/' + username, ""), 404);

    // Who, what, when, and nothing that is secret or is the address.
    assertThat(changes()).hasSize(2);
    var line = new ObjectMapper().readTree(changes().getFirst());
    assertThat(line.get("audit").asText()).isEqualTo("user.create");
    assertThat(line.get("by").asText()).isEqualTo(SERVICE.me(token).field("sub"));
    assertThat(line.get("user").asText()).isEqualTo(username);
    assertThat(line.get("client").asText()).isNotBlank();
    assertThat(line.get("requestId").asText()).hasSize(32);
    assertThat(line.get("time").asText()).startsWith("20");
    assertThat(String.join("\n", changes())).doesNotContain(address, "Temporary");
  }

  @Test
  void invitationsAreMailedAndSentAgain() {
    String token = token(ROOT);
    String address = Pool.freshAddress();
    done(as(token, "POST", USERS, "{\"username\":\"" + address + "\"}"), 201);
    String first = Pool.codeFor(address);
    assertThat(SERVICE.signIn(address, first).field("challenge"))
        .isEqualTo("NEW_PASSWORD_REQUIRED");
    String path = USERS + '/' + address.replace("@", "%40") + "/invite";
    done(as(token, "POST", path, ""), 204);
    assertThat(SERVICE.signIn(address, first).status()).isEqualTo(401);
    assertThat(SERVICE.signIn(address, Pool.codeFor(address)).field("challenge"))
        .isEqualTo("NEW_PASSWORD_REQUIRED");
    Answer inUse =
        as(token, "POST", USERS + '/' + POOL.account().replace("@", "%40") + "/invite", "");
    assertThat(done(inUse, 409).problem()).isEqualTo("wrong-state");
  }

  @Test
  void anAccountIsDisabledEnabledResetAndSignedOut() {
    String token = token(ROOT);
    String address = POOL.account();
    String path = USERS + '/' + address.replace("@", "%40");
    Answer session = SERVICE.signIn(address, Pool.PASSWORD);
    done(as(token, "POST", path + "/disable", ""), 204);
    assertThat(SERVICE.me(session.field("accessToken")).status()).isEqualTo(401);
    assertThat(SERVICE.signIn(address, Pool.PASSWORD).status()).isEqualTo(401);
    assertThat(as(token, "GET", path, "").json().get("enabled").asBoolean()).isFalse();
    done(as(token, "POST", path + "/enable", ""), 204);
    // What was ended stays so.
    assertThat(SERVICE.refresh(session.field("refreshToken")).status()).isEqualTo(401);
    assertThat(SERVICE.me(session.field("accessToken")).status()).isEqualTo(401);

    Answer next = SERVICE.signIn(address, Pool.PASSWORD);
    done(as(token, "POST", path + "/sign-out", ""), 204);
    assertThat(SERVICE.me(next.field("accessToken")).status()).isEqualTo(401);
    assertThat(SERVICE.refresh(next.field("refreshToken")).status()).isEqualTo(401);

    String last = SERVICE.signIn(address, Pool.PASSWORD).field("accessToken");
    done(as(token, "POST", path + "/reset-password", ""), 204);
    assertThat(SERVICE.me(last).status()).isEqualTo(401);
    assertThat(SERVICE.signIn(address, Pool.PASSWORD).status()).isEqualTo(401);
    assertThat(
            SERVICE
                .api()
                .post(
                    "/v1/auth/reset-password",
                    """
                    {"username": "%s", "code": "%s", "newPassword": "Battery-Staple-8"}
                    """
                        .formatted(address, Pool.codeFor(address)))
                .status())
        .isEqualTo(200);
    assertThat(SERVICE.signIn(address, "Battery-Staple-8").status()).isEqualTo(200);
  }

  @Test
  void accountsAreListedInPagesAndSearched() {
    String token = token(ROOT);
    var mine = new HashSet<String>();
    String start = "list" + System.nanoTime();
    for (int i = 0; i < 5; i++) {
      mine.add(create(token, start + '-' + i + "@example.com"));
    }
    var found = new ArrayList<String>();
    String query = "?limit=2&search=" + start;
    Answer page = done(as(token, "GET", USERS + query, ""), 200);
    String foreign = page.field("next");
    while (true) {
      page.json().get("items").forEach(user -> found.add(user.get("username").asText()));
      if (!page.json().has("next")) {
        break;
      }
      page = done(as(token, "GET", USERS + query + "&cursor=" + page.field("next"), ""), 200);
    }
    assertThat(found).hasSize(5).containsExactlyInAnyOrderElementsOf(mine);
    assertThat(done(as(token, "GET", USERS, ""), 200).json().get("items").size()).isGreaterThan(5);
    // A cursor is good for its own list only, and a search ends where its text ends.
    for (String bad : List.of("?cursor=" + foreign, "?cursor=x", "?limit=0", "?limit=61")) {
      assertThat(done(as(token, "GET", USERS + bad, ""), 400).problem()).isEqualTo("validation");
    }
    // Cognito takes 256 characters of filter, the name of the attribute and escapes included.
    done(as(token, "GET", USERS + "?search=" + "a".repeat(245), ""), 200);
    for (String longest : List.of("a".repeat(246), "%22".repeat(123))) {
      Answer tooLong = done(as(token, "GET", USERS + "?search=" + longest, ""), 400);
      assertThat(tooLong.json().at("/errors/0/field").asText()).isEqualTo("search");
    }
    assertThat(
            done(as(token, "GET", USERS + "?search=%22%20or%20%22", ""), 200).json().get("items"))
        .isEmpty();
  }

  @Test
  void groupsAreMadeFilledEmptiedAndDeleted() {
    String token = token(ROOT);
    String group = "team-" + System.nanoTime();
    String body = "{\"name\":\"" + group + "\",\"description\":\"Us\",\"precedence\":3}";
    assertThat(done(as(token, "POST", GROUPS, body), 201).field("name")).isEqualTo(group);
    assertThat(done(as(token, "POST", GROUPS, body), 409).problem()).isEqualTo("already-exists");
    done(as(token, "POST", GROUPS, "{\"name\":\"a/b\"}"), 400);
    assertThat(done(as(token, "GET", GROUPS + '/' + group, ""), 200).field("description"))
        .isEqualTo("Us");
    assertThat(done(as(token, "GET", GROUPS, ""), 200).text()).contains(group);

    String address = POOL.account();
    String member = GROUPS + '/' + group + "/members/" + address.replace("@", "%40");
    done(as(token, "PUT", member, ""), 204);
    done(as(token, "PUT", member, ""), 204);
    String theirs = SERVICE.signIn(address, Pool.PASSWORD).field("accessToken");
    assertThat(SERVICE.me(theirs).json().at("/groups/0").asText()).isEqualTo(group);
    Answer members = done(as(token, "GET", GROUPS + '/' + group + "/members", ""), 200);
    assertThat(members.json().at("/items/0/email").asText()).isEqualTo(address);
    Answer shown = as(token, "GET", USERS + '/' + address.replace("@", "%40"), "");
    assertThat(shown.json().at("/groups/0").asText()).isEqualTo(group);

    done(as(token, "DELETE", member, ""), 204);
    // The tokens that name the group are over.
    assertThat(SERVICE.me(theirs).status()).isEqualTo(401);
    assertThat(as(token, "GET", GROUPS + '/' + group + "/members", "").json().get("items"))
        .isEmpty();
    done(as(token, "DELETE", GROUPS + '/' + group, ""), 204);
    done(as(token, "GET", GROUPS + '/' + group, ""), 404);
    done(as(token, "GET", GROUPS + '/' + group + "/members", ""), 404);
    done(as(token, "DELETE", GROUPS + '/' + group, ""), 404);
    done(as(token, "PUT", member, ""), 404);
    assertThat(changes()).hasSize(5).anyMatch(line -> line.contains("\"group.remove\""));
  }

  @Test
  void whoeverIsInAGroupThatIsDeletedIsSignedOut() {
    String token = token(ROOT);
    String group = group(token);
    var members = new ArrayList<Answer>();
    for (int i = 0; i < 3; i++) {
      String address = POOL.account();
      join(group, address);
      members.add(SERVICE.signIn(address, Pool.PASSWORD));
    }
    Answer other = SERVICE.signIn(POOL.account(), Pool.PASSWORD);
    done(as(token, "DELETE", GROUPS + '/' + group, ""), 204);
    done(as(token, "GET", GROUPS + '/' + group, ""), 404);
    for (Answer member : members) {
      // The tokens that name the group are over, and no other comes of them, here or at Cognito.
      assertThat(SERVICE.me(member.field("accessToken")).status()).isEqualTo(401);
      assertThat(SERVICE.refresh(member.field("refreshToken")).status()).isEqualTo(401);
      assertThatThrownBy(
              () ->
                  POOL.cognito()
                      .getUser(request -> request.accessToken(member.field("accessToken"))))
          .isInstanceOf(NotAuthorizedException.class);
    }
    assertThat(SERVICE.me(other.field("accessToken")).status()).isEqualTo(200);
    assertThat(changes().stream().filter(line -> line.contains("\"group.delete\""))).hasSize(1);
    assertThat(changes().stream().filter(line -> line.contains("\"group.remove\""))).hasSize(3);
  }

  @Test
  void aGroupOfTooManyIsNotDeleted() {
    assertThat(Pool.standIn()).as("too many accounts for a pool at AWS").isNotNull();
    String token = token(ROOT);
    String group = group(token);
    String address = POOL.account();
    join(group, address);
    Answer member = SERVICE.signIn(address, Pool.PASSWORD);
    for (int i = 0; i < 200; i++) {
      join(group, POOL.invited("Temporary-Word-1"));
    }
    Answer refused = done(as(token, "DELETE", GROUPS + '/' + group, ""), 409);
    assertThat(refused.problem()).isEqualTo("group-too-large");
    done(as(token, "GET", GROUPS + '/' + group, ""), 200);
    assertThat(SERVICE.me(member.field("accessToken")).status()).isEqualTo(200);
  }

  private static String group(String token) {
    String group = "team-" + System.nanoTime();
    return done(as(token, "POST", GROUPS, "{\"name\":\"" + group + "\"}"), 201).field("name");
  }

  private static void join(String group, String address) {
    POOL.cognito()
        .adminAddUserToGroup(
            member -> member.userPoolId(POOL.id()).username(address).groupName(group));
  }

  @Test
  void nobodyLocksThemselvesOut() {
    String token = token(ROOT);
    String own = ROOT.replace("@", "%40");
    for (Answer refused :
        List.of(
            as(token, "DELETE", USERS + '/' + own, ""),
            as(token, "POST", USERS + '/' + own + "/disable", ""),
            as(token, "DELETE", "/v1/auth/me", ""),
            as(token, "DELETE", GROUPS + "/admins/members/" + own, ""))) {
      assertThat(done(refused, 409).problem()).isEqualTo("own-account");
    }
    assertThat(done(as(token, "DELETE", GROUPS + "/admins", ""), 409).problem())
        .isEqualTo("protected-group");
    assertThat(changes()).isEmpty();
    assertThat(SERVICE.me(token).status()).isEqualTo(200);
  }

  @Test
  void whoeverIsNoAdministratorAnyMoreCanDoNothing() {
    String other = administrator();
    String theirs = token(other);
    done(as(theirs, "GET", USERS, ""), 200);
    done(
        as(token(ROOT), "DELETE", GROUPS + "/admins/members/" + other.replace("@", "%40"), ""),
        204);
    // Their token is signed, not expired, and names the group.
    Answer refused = done(as(theirs, "GET", USERS, ""), 401);
    assertThat(refused.header("WWW-Authenticate")).contains("revoked");
    assertThat(done(as(token(other), "GET", USERS, ""), 403).problem()).isEqualTo("forbidden");
  }

  @Test
  void whoeverWasTakenOutByOtherMeansCannotPutThemselvesBack() {
    String other = administrator();
    String theirs = token(other);
    POOL.cognito()
        .adminRemoveUserFromGroup(
            member -> member.userPoolId(POOL.id()).username(other).groupName("admins"));
    // Their session goes on, and its token names the group.
    assertThat(SERVICE.me(theirs).status()).isEqualTo(200);
    String own = GROUPS + "/admins/members/" + other.replace("@", "%40");
    assertThat(done(as(theirs, "PUT", own, ""), 403).problem()).isEqualTo("forbidden");
    done(as(theirs, "GET", USERS, ""), 403);
    assertThat(changes()).isEmpty();
    assertThat(done(as(token(ROOT), "GET", GROUPS + "/admins/members", ""), 200).text())
        .doesNotContain(other);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/auth/audit",
    "GET,/v1/auth/users",
    "POST,/v1/auth/users",
    "GET,/v1/auth/users/x",
    "DELETE,/v1/auth/users/x",
    "POST,/v1/auth/users/x/disable",
    "POST,/v1/auth/users/x/enable",
    "POST,/v1/auth/users/x/reset-password",
    "POST,/v1/auth/users/x/invite",
    "POST,/v1/auth/users/x/sign-out",
    "GET,/v1/auth/groups",
    "POST,/v1/auth/groups",
    "GET,/v1/auth/groups/x",
    "DELETE,/v1/auth/groups/x",
    "GET,/v1/auth/groups/x/members",
    "PUT,/v1/auth/groups/x/members/y",
    "DELETE,/v1/auth/groups/x/members/y"
  })
  void everyRouteIsForAdministratorsOnly(String method, String path) {
    String body = method.equals("POST") ? "{\"username\":\"a@b.c\",\"name\":\"g\"}" : "";
    Answer anonymous = SERVICE.api().send(method, path, body, "Content-Type", "application/json");
    assertThat(done(anonymous, 401).problem()).isEqualTo("token-missing");
    assertThat(done(as(token(POOL.account()), method, path, body), 403).problem())
        .isEqualTo("forbidden");
    assertThat(changes()).isEmpty();
  }
}
