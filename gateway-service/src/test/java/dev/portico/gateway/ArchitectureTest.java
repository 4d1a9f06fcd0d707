package dev.portico.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.portico.gateway",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.portico.gateway";

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching(ROOT + ".(*)..")
          .should()
          .beFreeOfCycles()
          .because("a package that can only be understood together with another is one package");

  @ArchTest
  static final ArchRule EXCHANGE_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".exchange..")
          .should()
          .dependOnClassesThat(
              new com.tngtech.archunit.base.DescribedPredicate<>(
                  "are the gateway's other packages") {
                @Override
                public boolean test(com.tngtech.archunit.core.domain.JavaClass type) {
                  return type.getPackageName().startsWith(ROOT)
                      && !type.getPackageName().startsWith(ROOT + ".exchange");
                }
              })
          .because("every stage uses the values of an exchange, so they may lean on none");

  @ArchTest
  static final ArchRule ERROR_IS_A_LEAF =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".error..")
          .should()
          .dependOnClassesThat(
              new com.tngtech.archunit.base.DescribedPredicate<>(
                  "are the gateway's other packages") {
                @Override
                public boolean test(com.tngtech.archunit.core.domain.JavaClass type) {
                  return type.getPackageName().startsWith(ROOT)
                      && !type.getPackageName().startsWith(ROOT + ".error");
                }
              })
          .because("every stage can fail, so what failures are may lean on no stage");

  @ArchTest
  static final ArchRule DECISIONS_ARE_PURE =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + ".routing..",
              ROOT + ".cache.semantics..",
              ROOT + ".cache.key..",
              ROOT + ".access.rule..",
              ROOT + ".access.signed..",
              ROOT + ".error..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "io.micronaut..")
          .allowEmptyShould(true)
          .because("decisions are tested without a server and survive a change of it");

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_THE_CACHE =
      slices()
          .matching(ROOT + ".cache.(*)..")
          .should()
          .beFreeOfCycles()
          .because("what is decided, where it is kept and who waits are three questions");

  @ArchTest
  static final ArchRule NO_CYCLES_WITHIN_ACCESS =
      slices()
          .matching(ROOT + ".access.(*)..")
          .should()
          .beFreeOfCycles()
          .because("who somebody is, what they may, and how they prove it are three questions");

  @ArchTest
  static final ArchRule ACCESS_IS_DECIDED_WITHOUT_A_SERVER =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + ".access.signin..", ROOT + ".access.page..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "io.micronaut..")
          .because("what admits somebody is tested without a server");

  @ArchTest
  static final ArchRule THE_STORE_DECIDES_NOTHING =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + ".cache.semantics..", ROOT + ".cache.key..", ROOT + ".cache.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + ".cache.collapse..", ROOT + ".origin..")
          .because("another tier must be possible without a word about origins or waiting");

  @ArchTest
  static final ArchRule ONLY_THE_PIPELINE_KNOWS_ALL =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ROOT + ".pipeline..")
          .because("the order of the stages is named in one place");

  @ArchTest
  static final ArchRule NO_FRAMEWORK_ROUTING =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micronaut.http.annotation..", "io.micronaut.http.server..")
          .because("viewers' requests never enter the framework (docs/decisions/0002)");

  @ArchTest
  static final ArchRule NO_AWS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..")
          .because("the gateway holds no AWS credentials: it can lose nothing but cached copies");

  @ArchTest
  static final ArchRule TRACES_ARE_MADE_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".trace..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..")
          .because(
              "where no collector is named nothing of it is loaded, and a hit meets none of it");

  @ArchTest
  static final ArchRule TLS_KEYS_STAY_AT_THE_DOOR =
      classes()
          .that()
          .haveSimpleName("LocalAuthority")
          .should()
          .bePackagePrivate()
          .because("private keys of certificates are handled in one package");
}
