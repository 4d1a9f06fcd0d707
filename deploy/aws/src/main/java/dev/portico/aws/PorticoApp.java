package dev.portico.aws;

import dev.portico.aws.data.DataStack;
import dev.portico.aws.edge.EdgeStack;
import dev.portico.aws.findings.Findings;
import dev.portico.aws.settings.InvalidSettings;
import dev.portico.aws.settings.Settings;
import dev.portico.aws.settings.SettingsFile;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Tags;

/**
 * What {@code cdk} starts. The settings file is {@code -c settings=FILE}, the tag of the images, in
 * place of the file's, {@code -c tag=TAG}.
 */
public final class PorticoApp {
  private PorticoApp() {}

  /** Makes the templates, or says what is wrong with the settings. */
  @SuppressWarnings("SystemOut") // read by a person at the command line
  public static void main(String[] arguments) {
    App app = new App();
    Object file = app.getNode().tryGetContext("settings");
    Object tag = app.getNode().tryGetContext("tag");
    if (file == null) {
      System.err.println(
          "no settings: cdk … -c settings=portico.yml (deploy/aws/examples has two)");
      System.exit(2);
    }
    try {
      Settings settings =
          SettingsFile.read(Path.of(String.valueOf(file)), tag == null ? null : tag.toString());
      addTo(app, settings);
      app.synth();
    } catch (InvalidSettings e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Adds the stacks of these settings, and the check of them.
   *
   * @return data and edge
   */
  public static List<Stack> addTo(App app, Settings settings) {
    DataStack data = new DataStack(app, settings);
    EdgeStack edge = new EdgeStack(app, settings, data);
    edge.addStackDependency(data);
    Tags.of(app).add("portico", settings.name());
    Aspects.of(app).add(new AwsSolutionsChecks());
    List<Stack> stacks = List.of(data, edge);
    Findings.accept(settings, stacks);
    return stacks;
  }
}
