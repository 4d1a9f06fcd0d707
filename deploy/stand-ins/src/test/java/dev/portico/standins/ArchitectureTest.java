package dev.portico.standins;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.portico.standins", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("dev.portico.standins.(**)")
          .should()
          .beFreeOfCycles()
          .because("a package must be understood without those that use it");

  @ArchTest
  static final ArchRule LEAVES =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..cognito.protocol",
              "..cognito.store",
              "..cognito.srp",
              "..cognito.mfa",
              "..standins.process")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..standins..pool",
              "..standins..user",
              "..standins..token",
              "..standins..signin",
              "..standins..http",
              "..standins.aws")
          .because("the wire, the disk, the mathematics and the launching know no accounts");

  @ArchTest
  static final ArchRule NO_SERVICES =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.micronaut..",
              "dev.portico.auth..",
              "dev.portico.content..",
              "dev.portico.gateway..")
          .because("a stand-in must not share the code that is tested against it");

  private ArchitectureTest() {}
}
