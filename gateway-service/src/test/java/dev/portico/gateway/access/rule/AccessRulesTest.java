package dev.portico.gateway.access.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.access.Identification;
import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.Identity.Credential;
import dev.portico.gateway.access.rule.AccessDecision.Admitted;
import dev.portico.gateway.access.rule.AccessDecision.Reason;
import dev.portico.gateway.access.rule.AccessDecision.Refused;
import dev.portico.gateway.access.rule.AccessPolicy.Accounts;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.origin.address.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each rule makes of what is known. */
class AccessRulesTest {
  private static final String INSIDE = "10.1.2.3";
  private static final String OUTSIDE = "192.0.2.1";
  private static final List<Cidr> TEN = List.of(Cidr.parse("10.0.0.0/8"));
  private static final Accounts ANYBODY =
      new Accounts(Set.of(), Set.of(), null, List.of(), Set.of(), true, true, List.of(), true);

  private static AccessPolicy policy(@Nullable Accounts accounts) {
    return new AccessPolicy("p", true, List.of(), List.of(), null, null, null, accounts);
  }

  private static AccessFacts from(String address) {
    return new AccessFacts(address, SignatureVerdict.MISSING, false, null, null, null);
  }

  private static Identity identity(Credential credential, Set<String> groups, Set<String> scopes) {
    return new Identity(
        credential,
        "sub-1",
        "ann",
        "ann@example.com",
        true,
        "Ann",
        groups,
        scopes,
        Map.of("custom:department", "engineering"),
        Map.of("teams", List.of("red", "green"), "custom:none", List.of()),
        Instant.EPOCH,
        Instant.MAX,
        null);
  }

  private static AccessFacts known(Identity identity) {
    return from(OUTSIDE).with(new Identification.Known(identity));
  }

  private static AccessDecision decide(Accounts accounts, Identity identity) {
    return AccessRules.decide(policy(accounts), known(identity));
  }

  private static void assertRefused(AccessDecision decision, Reason reason) {
    assertThat(decision).isInstanceOf(Refused.class);
    assertThat(((Refused) decision).reason()).isEqualTo(reason);
  }

  @Test
  void whatIsNotUnderstoodLetsInNobody() {
    AccessPolicy policy = AccessPolicy.notUnderstood("p");
    assertThat(AccessRules.decide(policy, from(INSIDE)))
        .isInstanceOf(AccessDecision.Undecided.class);
  }

  @Test
  void anExemptAddressPassesAlone() {
    AccessPolicy policy =
        new AccessPolicy(
            "p",
            true,
            TEN,
            List.of(),
            new AccessPolicy.Password("x", Duration.ofHours(1)),
            Map.of(),
            new AccessPolicy.Authorizer("o", "/", Duration.ZERO, Set.of(), List.of()),
            ANYBODY);
    assertThat(AccessRules.decide(policy, from(INSIDE))).isEqualTo(new Admitted(true, null));
    assertRefused(AccessRules.decide(policy, from(OUTSIDE)), Reason.SIGNATURE);
  }

  @Test
  void aRequiredAddressIsRequired() {
    AccessPolicy policy = new AccessPolicy("p", true, List.of(), TEN, null, null, null, null);
    assertThat(AccessRules.decide(policy, from(INSIDE))).isEqualTo(new Admitted(false, null));
    assertRefused(AccessRules.decide(policy, from(OUTSIDE)), Reason.ADDRESS);
    assertRefused(AccessRules.decide(policy, from("2001:db8::1")), Reason.ADDRESS);
    // However a proxy writes it.
    assertThat(AccessRules.decide(policy, from("::ffff:10.1.2.3")))
        .isEqualTo(new Admitted(false, null));
  }

  @ParameterizedTest
  @EnumSource(SignatureVerdict.class)
  void onlyAValidSignatureIsOne(SignatureVerdict verdict) {
    AccessPolicy policy =
        new AccessPolicy("p", true, List.of(), List.of(), null, Map.of(), null, null);
    AccessDecision decision =
        AccessRules.decide(policy, new AccessFacts(OUTSIDE, verdict, false, null, null, null));
    assertThat(decision instanceof Admitted).isEqualTo(verdict == SignatureVerdict.VALID);
  }

  @Test
  void aPasswordIsEntered() {
    AccessPolicy policy =
        new AccessPolicy(
            "p",
            true,
            List.of(),
            List.of(),
            new AccessPolicy.Password("x", Duration.ofHours(1)),
            null,
            null,
            null);
    assertThat(AccessRules.decide(policy, from(OUTSIDE)))
        .isInstanceOf(AccessDecision.PasswordRequired.class);
    AccessFacts passed = new AccessFacts(OUTSIDE, SignatureVerdict.MISSING, true, null, null, null);
    assertThat(AccessRules.decide(policy, passed)).isInstanceOf(Admitted.class);
  }

  @Test
  void whoItIsFromIsAskedForAndMayBeNobody() {
    AccessPolicy policy = policy(ANYBODY);
    assertThat(AccessRules.decide(policy, from(OUTSIDE)))
        .isInstanceOf(AccessDecision.AskIdentity.class);
    assertThat(AccessRules.decide(policy, from(OUTSIDE).with(new Identification.Nobody())))
        .isInstanceOf(AccessDecision.SignInRequired.class);
    assertThat(
            AccessRules.decide(policy, from(OUTSIDE).with(new Identification.InvalidToken("old"))))
        .isEqualTo(new AccessDecision.InvalidToken("old"));
    assertThat(AccessRules.decide(policy, from(OUTSIDE).with(new Identification.Unavailable())))
        .isInstanceOf(AccessDecision.Undecided.class);
    Identity ann = identity(Credential.SESSION, Set.of(), Set.of());
    assertThat(AccessRules.decide(policy, known(ann))).isEqualTo(new Admitted(false, ann));
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION, true, false, true",
    "SESSION, false, true, false",
    "BEARER, true, false, false",
    "BEARER, false, true, true"
  })
  void aProofThatThePolicyDoesNotTakeIsNone(
      Credential credential, boolean session, boolean bearer, boolean admitted) {
    Accounts accounts =
        new Accounts(
            Set.of(), Set.of(), null, List.of(), Set.of(), session, bearer, List.of(), true);
    AccessDecision decision = decide(accounts, identity(credential, Set.of(), Set.of()));
    assertThat(decision instanceof Admitted).isEqualTo(admitted);
    assertThat(decision instanceof AccessDecision.SignInRequired).isEqualTo(!admitted);
  }

  @ParameterizedTest
  @CsvSource({
    "'a b', '', 'a', true",
    "'a b', '', 'c', false",
    "'', 'a b', 'a', false",
    "'', 'a b', 'a b c', true",
    "'a', 'b', 'a', false",
    "'a', 'b', 'a b', true",
    "'a', '', 'A', false",
    "'a', '', '', false"
  })
  void groups(String any, String all, String has, boolean admitted) {
    Accounts accounts =
        new Accounts(
            words(any), words(all), null, List.of(), Set.of(), true, true, List.of(), true);
    AccessDecision decision = decide(accounts, identity(Credential.SESSION, words(has), Set.of()));
    if (admitted) {
      assertThat(decision).isInstanceOf(Admitted.class);
    } else {
      assertRefused(decision, Reason.GROUPS);
    }
  }

  private static Set<String> words(String text) {
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "custom:department, engineering, true",
    "custom:department, 'design engineering', true",
    "custom:department, Engineering, false",
    "custom:level, 1, false",
    "email, ann@example.com, true",
    "sub, sub-1, true",
    "teams, green, true",
    "teams, 'blue red', true",
    "teams, blue, false",
    "teams, 'red,green', false",
    "custom:none, red, false",
    "groups, staff, true",
    "cognito:groups, staff, true",
    "groups, 'admins,staff', false",
    "scopes, orders/read, true"
  })
  void claims(String name, String values, boolean admitted) {
    Accounts accounts =
        new Accounts(
            Set.of(),
            Set.of(),
            null,
            List.of(new AccessPolicy.Claim(name, words(values))),
            Set.of(),
            true,
            true,
            List.of(),
            true);
    AccessDecision decision =
        decide(
            accounts,
            identity(
                Credential.BEARER, Set.of("admins", "staff"), Set.of("orders/read", "openid")));
    assertThat(decision instanceof Admitted).isEqualTo(admitted);
  }

  @Test
  void originsAreToldListsByCommas() {
    Identity ann =
        identity(Credential.BEARER, Set.of("staff", "admins", "a,root"), Set.of("b", "a"));
    assertThat(Claims.told(ann, "teams")).isEqualTo("red,green");
    assertThat(Claims.told(ann, "custom:none")).isEmpty();
    assertThat(Claims.told(ann, "custom:department")).isEqualTo("engineering");
    assertThat(Claims.told(ann, "unknown")).isNull();
    // One with a comma in it would be taken for two.
    assertThat(Claims.told(ann, "groups")).isEqualTo("admins,staff");
    assertThat(Claims.told(ann, "cognito:groups")).isEqualTo("admins,staff");
    assertThat(Claims.told(ann, "scopes")).isEqualTo("a b");
  }

  /** Whoever may choose an address could choose another's. */
  @Test
  void anAddressThatNobodyHasProvenIsNoClaim() {
    Identity ann = identity(Credential.SESSION, Set.of(), Set.of());
    Identity unproven =
        new Identity(
            ann.credential(),
            ann.subject(),
            ann.username(),
            ann.email(),
            false,
            ann.name(),
            ann.groups(),
            ann.scopes(),
            Map.of("email", "ann@example.com"),
            Map.of("email", List.of("ann@example.com")),
            ann.authenticatedAt(),
            ann.expiresAt(),
            null);
    assertThat(Claims.told(ann, "email")).isEqualTo("ann@example.com");
    assertThat(Claims.told(unproven, "email")).isNull();
    assertThat(Claims.values(unproven, "email")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"a, a, true", "a, 'a b', true", "'a b', a, false", "a, '', false"})
  void scopes(String asked, String has, boolean admitted) {
    Accounts accounts =
        new Accounts(
            Set.of(), Set.of(), null, List.of(), words(asked), true, true, List.of(), true);
    AccessDecision decision = decide(accounts, identity(Credential.BEARER, Set.of(), words(has)));
    if (admitted) {
      assertThat(decision).isInstanceOf(Admitted.class);
    } else {
      assertRefused(decision, Reason.SCOPES);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "VIEWER, VIEWER, true",
    "VIEWER, OWNER, true",
    "PUBLISHER, VIEWER, false",
    "OWNER, PUBLISHER, false",
    "VIEWER, , false"
  })
  void members(Role least, @Nullable Role role, boolean admitted) {
    Accounts accounts =
        new Accounts(Set.of(), Set.of(), least, List.of(), Set.of(), true, true, List.of(), true);
    AccessFacts facts = known(identity(Credential.SESSION, Set.of(), Set.of()));
    assertThat(AccessRules.decide(policy(accounts), facts))
        .isEqualTo(new AccessDecision.AskMembership("sub-1"));
    AccessDecision decision =
        AccessRules.decide(policy(accounts), facts.with(new Membership.Known(role)));
    if (admitted) {
      assertThat(decision).isInstanceOf(Admitted.class);
    } else {
      assertRefused(decision, Reason.MEMBER);
    }
    assertThat(AccessRules.decide(policy(accounts), facts.with(new Membership.Unavailable())))
        .isInstanceOf(AccessDecision.Undecided.class);
  }

  @Test
  void theAuthorizerIsAskedLast() {
    AccessPolicy policy =
        new AccessPolicy(
            "p",
            true,
            List.of(),
            List.of(),
            null,
            null,
            new AccessPolicy.Authorizer("o", "/", Duration.ZERO, Set.of(), List.of()),
            ANYBODY);
    assertThat(AccessRules.decide(policy, from(OUTSIDE)))
        .isInstanceOf(AccessDecision.AskIdentity.class);
    Identity ann = identity(Credential.SESSION, Set.of(), Set.of());
    AccessFacts facts = known(ann);
    assertThat(AccessRules.decide(policy, facts)).isEqualTo(new AccessDecision.AskAuthorizer(ann));
    assertThat(AccessRules.decide(policy, facts.with(new AuthorizerVerdict.Admits(List.of()))))
        .isEqualTo(new Admitted(false, ann));
    assertRefused(
        AccessRules.decide(policy, facts.with(new AuthorizerVerdict.Refuses())), Reason.AUTHORIZER);
    assertThat(AccessRules.decide(policy, facts.with(new AuthorizerVerdict.Unavailable())))
        .as("which is the site's own fault")
        .isInstanceOfSatisfying(
            AccessDecision.Undecided.class,
            undecided -> assertThat(undecided.error()).isEqualTo(EdgeError.AUTHORIZER_DOWN));
  }
}
