package dev.portico.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.portico", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule theLauncherKnowsNoService =
      noClasses()
          .that()
          .resideInAPackage("dev.portico.local..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.portico.auth..", "dev.portico.content..", "dev.portico.gateway..")
          .because("it starts the jars that ship, and speaks to them as any client does");

  @ArchTest
  static final ArchRule standInsKnowNoLauncher =
      noClasses()
          .that()
          .resideInAPackage("dev.portico.standins..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.portico.local..")
          .because("tests of every service use the stand-ins without the launcher");
}
