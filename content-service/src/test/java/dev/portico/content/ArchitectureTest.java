package dev.portico.content;

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
import java.util.Set;

@AnalyzeClasses(
    packages = "dev.portico.content",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule TRACES_ARE_MADE_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.portico.content.observe..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..")
          .because("where no collector is named nothing of it is loaded");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("dev.portico.content.(*)..")
          .should()
          .beFreeOfCycles()
          .because("a feature must be understood, changed and tested without its users");

  @ArchTest
  static final ArchRule DYNAMODB_IS_BEHIND_ITS_ADAPTER =
      noClasses()
          .that()
          .resideOutsideOfPackage("..content.dynamodb..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk.services.dynamodb..")
          .because("conditions, retries and consistency are decided in one place");

  @ArchTest
  static final ArchRule S3_IS_BEHIND_ITS_ADAPTER =
      noClasses()
          .that()
          .resideOutsideOfPackage("..content.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk.services.s3..")
          .because("what Portico relies on in S3 must stay few calls that any S3 has");

  @ArchTest
  static final ArchRule ONLY_ADAPTERS_KNOW_AWS =
      noClasses()
          .that()
          .resideOutsideOfPackages("..content.dynamodb..", "..content.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..")
          .because("features are about sites, not about AWS");

  @ArchTest
  static final ArchRule ERROR_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage("..content.error..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..content.dynamodb..",
              "..content.change..",
              "..content.member..",
              "..content.site..",
              "..content.deployment..",
              "..content.blob..",
              "..content.s3..",
              "..content.observe..")
          .because("everybody throws problems, so their package can need nobody");

  @ArchTest
  static final ArchRule ADAPTERS_KNOW_NO_FEATURE =
      noClasses()
          .that()
          .resideInAnyPackage("..content.dynamodb..", "..content.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..content.change..",
              "..content.member..",
              "..content.site..",
              "..content.deployment..",
              "..content.observe..")
          .because("features stand on adapters, not the other way round");

  @ArchTest
  static final ArchRule ACCESS_TOKENS_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("..content.member.pool..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..content.member", "..content.dynamodb..", "..content.site..")
          .because("whether a token is good has nothing to do with sites");

  @ArchTest
  static final ArchRule CONTROLLERS_ARE_HIDDEN =
      classes()
          .that()
          .areAnnotatedWith("io.micronaut.http.annotation.Controller")
          .should()
          .notBePublic()
          .because("a controller is called over HTTP only; features call each other's services");

  @ArchTest
  static final ArchRule REQUESTS_ARE_READ_STRICTLY =
      methods()
          .that()
          .areDeclaredInClassesThat(
              DescribedPredicate.describe(
                  "controllers of the API",
                  type ->
                      type.isAnnotatedWith(Controller.class)
                          && type.getAnnotationOfType(Controller.class).value().startsWith("/v1/")))
          .should(
              ArchCondition.from(
                  DescribedPredicate.describe(
                      "take bodies that refuse unknown fields, or read them themselves",
                      method ->
                          method.getParameters().stream()
                              .filter(parameter -> parameter.isAnnotatedWith(Body.class))
                              .map(JavaParameter::getRawType)
                              .allMatch(ArchitectureTest::strict))))
          .because("what is misspelt, and so left out, must not seem to have been done");

  private static boolean strict(JavaClass body) {
    return body.isEquivalentTo(byte[].class)
        || body.tryGetAnnotationOfType(JsonIgnoreProperties.class)
            .filter(said -> !said.ignoreUnknown())
            .isPresent();
  }

  /** Class and method of each. */
  private static final Set<String> ESCAPE_A_FREEZE =
      Set.of(
          "Activations.attempt", // a roll-back
          "Releases.end", // a roll-back of a release, by hand or by itself
          "Deletion.retire", // retention
          "SitePurge.purge",
          "Sites.commitEvenFrozen", // for locks
          "Sites.restore", // by admins
          "Settings.change", // a restore, by admins
          "Policies.put", // what a policy was before
          "SiteLocks.lock",
          "SiteLocks.unlock");

  @ArchTest
  static final ArchRule FEW_CHANGES_ESCAPE_A_FREEZE =
      noClasses()
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "a commit escapes a freeze of publishing",
                  call ->
                      call.getName().matches("commit\\w*EvenFrozen")
                          && !ESCAPE_A_FREEZE.contains(
                              call.getOriginOwner().getSimpleName()
                                  + '.'
                                  + call.getOrigin().getName())))
          .because(
              "docs/emergency.md lists what goes on while publishing is frozen; anything else that"
                  + " changes a site is committed by ChangeFeed.commit");

  @ArchTest
  static final ArchRule NO_SCAN =
      noClasses()
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "DynamoDB is scanned",
                  call ->
                      call.getName().startsWith("scan")
                          && call.getTargetOwner()
                              .getName()
                              .startsWith("software.amazon.awssdk.services.dynamodb.DynamoDb")))
          .because("a scan costs with the table's size, not with the question's");
}
