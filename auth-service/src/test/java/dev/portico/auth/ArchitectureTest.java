package dev.portico.auth;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Controller;

@AnalyzeClasses(packages = "dev.portico.auth", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ONLY_ADAPTERS_KNOW_AWS =
      noClasses()
          .that()
          .resideOutsideOfPackages("..cognito..", "..dynamodb..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon.awssdk..", "io.micronaut.aws..")
          .because(
              "features say what they need of a user pool and of a table; one package each knows"
                  + " how AWS does it");

  @ArchTest
  static final ArchRule TRACES_ARE_MADE_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.portico.auth.observe..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..")
          .because("where no collector is named nothing of it is loaded");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("dev.portico.auth.(*)..")
          .should()
          .beFreeOfCycles()
          .because("packages that need each other are one package");

  @ArchTest
  static final ArchRule FEATURES_STAND_ALONE =
      slices()
          .matching(
              "dev.portico.auth.(account|administration|credentials|mfa|recovery|session|user)..")
          .should()
          .notDependOnEachOther()
          .because("a feature must be read, changed and tested by itself");

  @ArchTest
  static final ArchRule NOBODY_DEPENDS_ON_COGNITO =
      noClasses()
          .that()
          .resideOutsideOfPackage("..cognito..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..cognito..")
          .because("adapters depend on the features, which own the interfaces");

  @ArchTest
  static final ArchRule ERROR_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage("..error..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..account..",
              "..authorization..",
              "..dynamodb..",
              "..host..",
              "..hosted..",
              "..identity..",
              "..internal..",
              "..revocation..",
              "..seal..",
              "..signin..",
              "..sitesession..",
              "..administration..",
              "..audit..",
              "..recovery..",
              "..session..",
              "..user..",
              "..cognito..",
              "..credentials..",
              "..limit..",
              "..mfa..",
              "..pages..",
              "..token..",
              "..observe..")
          .because("everything may fail, so what shows failures can need nothing else");

  @ArchTest
  static final ArchRule NOBODY_DEPENDS_ON_PAGES =
      noClasses()
          .that()
          .resideOutsideOfPackage("..pages..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..pages..")
          .because("pages show what the features do; nothing is done by a page alone");

  @ArchTest
  static final ArchRule REQUESTS_REFUSE_WHAT_THEY_DO_NOT_KNOW =
      methods()
          .that()
          .areDeclaredInClassesThat(
              DescribedPredicate.describe(
                  "controllers of the API",
                  type ->
                      type.tryGetAnnotationOfType(Controller.class)
                          .filter(route -> route.value().startsWith("/v1/"))
                          .isPresent()))
          .should(
              ArchCondition.from(
                  DescribedPredicate.describe(
                      "take bodies that refuse unknown fields",
                      method ->
                          method.getParameters().stream()
                              .filter(parameter -> parameter.isAnnotatedWith(Body.class))
                              .map(JavaParameter::getRawType)
                              .allMatch(ArchitectureTest::strict))))
          .because("what is misspelt, and so left out, must not seem to have been done");

  private static boolean strict(JavaClass body) {
    return body.tryGetAnnotationOfType(JsonIgnoreProperties.class)
        .filter(said -> !said.ignoreUnknown())
        .isPresent();
  }

  @ArchTest
  static final ArchRule DECISIONS_ARE_PURE =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Rules")
          .or()
          .haveSimpleNameEndingWith("Outcome")
          .or()
          .haveSimpleNameEndingWith("Verdict")
          .or()
          .haveSimpleName("SecretHash")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut..", "java.net..", "java.io..", "reactor..")
          .because("decisions are functions of values, tested without a server");

  @ArchTest
  static final ArchRule RULES_ARE_NOT_ASKED_FOR_THE_TIME =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Rules")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .because("now is a parameter of every decision");

  @ArchTest
  static final ArchRule CONTROLLERS_ARE_HIDDEN =
      classes()
          .that()
          .areAnnotatedWith(io.micronaut.http.annotation.Controller.class)
          .should()
          .bePackagePrivate()
          .because("routes are reached by HTTP only");
}
