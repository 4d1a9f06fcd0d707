package dev.portico.content.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {
  private static Caller.Person person(String... groups) {
    return new Caller.Person("sub", "name", Set.of(groups), "request", "192.0.2.1");
  }

  private static Caller.DeployToken token(String site, Action... actions) {
    return new Caller.DeployToken("id", site, Set.of(actions), "request", "192.0.2.1");
  }

  private static String decide(Caller caller, @Nullable Role role, Action action) {
    return Access.decide(caller, "docs", true, role, action).getClass().getSimpleName();
  }

  @ParameterizedTest
  @CsvSource({
    "OWNER, READ, Allowed",
    "OWNER, PUBLISH, Allowed",
    "OWNER, ACTIVATE, Allowed",
    "OWNER, MANAGE, Allowed",
    "PUBLISHER, READ, Allowed",
    "PUBLISHER, PUBLISH, Allowed",
    "PUBLISHER, ACTIVATE, Allowed",
    "PUBLISHER, MANAGE, Denied",
    "VIEWER, READ, Allowed",
    "VIEWER, PUBLISH, Denied",
    "VIEWER, ACTIVATE, Denied",
    "VIEWER, MANAGE, Denied",
  })
  void rolesDecide(Role role, Action action, String expected) {
    assertThat(decide(person("publishers"), role, action)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"READ", "PUBLISH", "ACTIVATE", "MANAGE"})
  void strangersSeeNothingAndAdminsMayAll(Action action) {
    assertThat(decide(person("publishers"), null, action)).isEqualTo("Invisible");
    assertThat(decide(person("admins"), null, action)).isEqualTo("Allowed");
    assertThat(decide(person("admins"), Role.VIEWER, action)).isEqualTo("Allowed");
  }

  @Test
  void tokensAreForOneSiteAndTheirActions() {
    assertThat(decide(token("docs", Action.PUBLISH), null, Action.PUBLISH)).isEqualTo("Allowed");
    assertThat(decide(token("docs", Action.PUBLISH), null, Action.ACTIVATE)).isEqualTo("Denied");
    assertThat(decide(token("docs", Action.PUBLISH), null, Action.MANAGE)).isEqualTo("Denied");
    assertThat(decide(token("shop", Action.PUBLISH), null, Action.PUBLISH)).isEqualTo("Invisible");
  }

  @Test
  void aSiteThatIsNotThereIsInvisibleEvenToAdmins() {
    assertThat(Access.decide(person("admins"), "docs", false, null, Action.READ))
        .isInstanceOf(Access.Invisible.class);
  }
}
