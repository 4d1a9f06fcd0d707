package dev.portico.aws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.portico.aws", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule dataKnowsNoEdge =
      noClasses()
          .that()
          .resideInAPackage("dev.portico.aws.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.portico.aws.edge..", "dev.portico.aws.observe..")
          .because("what is replaced often must be able to go without what is kept");

  @ArchTest
  static final ArchRule settingsKnowNoAws =
      noClasses()
          .that()
          .resideInAPackage("dev.portico.aws.settings..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software..")
          .because("they are read and checked before anything is made, and nothing is looked up");

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.portico.aws.(*)..").should().beFreeOfCycles();
}
