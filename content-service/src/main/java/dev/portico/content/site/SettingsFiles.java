package dev.portico.content.site;

import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import dev.portico.content.policy.PolicyUses;
import dev.portico.content.settings.DeploymentSettings;
import dev.portico.content.settings.SettingsContext;
import dev.portico.content.settings.SettingsEnvironment;
import dev.portico.content.settings.SettingsFile;
import dev.portico.content.settings.StoredSettings;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What deployments' files of settings say, in the table, and how that goes together with what their
 * site was given over the API. An item is written when its deployment is sealed, and never changes:
 * the pointer of the site's item says which one holds, so that an activation switches settings with
 * the files.
 */
@Singleton
public class SettingsFiles {
  private static final Pattern DEPLOYMENT_ID = Pattern.compile("[a-z2-7]{20}");
  private static final String JSON = "json";

  private final Table table;
  private final SettingsEnvironment environment;
  private final PolicyUses policies;

  SettingsFiles(Table table, SettingsEnvironment environment, PolicyUses policies) {
    this.table = table;
    this.environment = environment;
    this.policies = policies;
  }

  /** The partition of all of a site's. */
  public static String partition(String site) {
    return "SITE#" + site + "#DEPLOYMENT-SETTINGS";
  }

  /** The item of a deployment. */
  public static Key key(String site, String deployment) {
    return new Key(partition(site), deployment);
  }

  /** Keeps what the file of a deployment says; for the transaction that seals it. */
  public static Write put(String site, String deployment, SettingsFile file) {
    return Write.put(Item.at(key(site, deployment)).with(JSON, file.json()));
  }

  /**
   * What the file of a deployment says; nothing when there is no such deployment.
   *
   * @param deployment its id
   */
  SettingsFile of(String site, String deployment) {
    return DEPLOYMENT_ID.matcher(deployment).matches()
        ? table
            .get(key(site, deployment))
            .map(item -> SettingsFile.of(item.string(JSON)))
            .orElse(SettingsFile.NONE)
        : SettingsFile.NONE;
  }

  /** What the file of a site's live deployment says. */
  SettingsFile live(Item site) {
    return of(Site.name(site), site.optionalString("deployment").orElse(""));
  }

  /**
   * Refuses to show a deployment whose file does not go together with the site's own settings.
   *
   * @param site its item
   * @param context the kind of host that is to show it
   * @return the keys that its file owns there, sorted
   * @throws Problem 409 naming everything that is wrong with them together
   */
  public Set<String> require(Item site, String deployment, SettingsContext context) {
    SettingsFile file = of(Site.name(site), deployment);
    if (!file.isEmpty()) {
      require(own(site), file, deployment, context);
    }
    return file.keys(context);
  }

  /**
   * Notes, with an activation, which shared policies the site uses with the deployment's file.
   *
   * @param change of the site
   * @param site its item before
   */
  public PolicyUses.Changed activated(Write.Update change, Item site, String deployment) {
    String name = Site.name(site);
    StoredSettings own = own(site);
    Set<String> named = sharedPolicies(own, of(name, deployment));
    // What the site's own settings lack keeps no file from becoming live: see require.
    Set<String> required = new LinkedHashSet<>(named);
    required.removeAll(own.sharedPolicies());
    return policies.changed(change, name, site, named, required);
  }

  /** The shared policies that settings name, with a file of the live deployment or without. */
  static Set<String> sharedPolicies(StoredSettings own, SettingsFile live) {
    Set<String> named = new LinkedHashSet<>(own.sharedPolicies());
    named.addAll(own.with(live, SettingsContext.PRODUCTION).sharedPolicies());
    return named;
  }

  private StoredSettings own(Item site) {
    return Settings.stored(site, table.get(Settings.key(Site.name(site))).orElse(null));
  }

  /**
   * The Cognito groups that a site's rules about access name, by its own settings and with the file
   * of its live deployment, sorted.
   *
   * @param site its item
   */
  public Set<String> namedGroups(Item site) {
    return own(site).namedGroups(live(site));
  }

  /** What the files of a site's deployments may have at present. */
  public DeploymentSettings allowed(String site) {
    return table
        .get(Settings.key(site))
        .map(item -> Settings.stored(item).deploymentSettings())
        .orElse(DeploymentSettings.ALL);
  }

  /**
   * What holds where a deployment is shown.
   *
   * @param site its item
   * @param file of the deployment
   * @throws Problem 409 naming everything that is wrong with the file and the site's own settings
   *     together
   */
  StoredSettings effective(
      Item site, SettingsFile file, String deployment, SettingsContext context) {
    StoredSettings own = own(site);
    require(own, file, deployment, context);
    StoredSettings holding = own.with(file, context);
    if (holding.unclearAccess()) {
      throw Problem.conflict(
          "settings-conflict", "The settings say of access what this release does not know.");
    }
    return holding;
  }

  /**
   * Refuses settings that do not go together with the file of a deployment. What is wrong with the
   * settings themselves, by rules that came after them, is no fault of the file's.
   *
   * @param own what the site has, or is about to be given
   * @throws Problem 409 naming everything that is wrong with them together
   */
  void require(StoredSettings own, SettingsFile file, String deployment, SettingsContext context) {
    Set<String> keys = file.keys(context);
    List<FieldError> faults =
        new ArrayList<>(keys.isEmpty() ? List.of() : own.with(file, context).faults(environment));
    if (!faults.isEmpty()) {
      faults.removeAll(
          own.faults(environment).stream().filter(each -> !keys.contains(key(each))).toList());
    }
    faults.addAll(own.refusals(file, context));
    if (faults.isEmpty()) {
      return;
    }
    Problem problem =
        Problem.conflict(
            "settings-conflict",
            "The site's settings, with "
                + String.join(", ", keys)
                + " from portico.yml of the deployment "
                + deployment
                + " for "
                + context
                + ", would be at fault. See errors.");
    for (FieldError fault : faults) {
      problem = problem.field(fault.field(), fault.reason());
    }
    throw problem;
  }

  /** The top-level key that is at fault. */
  private static String key(FieldError fault) {
    return fault.field().split("[.\\[]", 2)[0];
  }
}
