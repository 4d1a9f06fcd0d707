package dev.portico.content.deployment;

import dev.portico.content.deployment.manifest.DeploymentId;
import dev.portico.content.site.SealedByName;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Names of deployments: an alias never looks like an id ({@link AliasName}). */
@Singleton
final class SealedNames implements SealedByName {
  private final SealedDeployments sealed;
  private final Aliases aliases;

  SealedNames(SealedDeployments sealed, Aliases aliases) {
    this.sealed = sealed;
    this.aliases = aliases;
  }

  @Override
  public Optional<String> find(String site, String name) {
    Optional<String> id = DeploymentId.isValid(name) ? Optional.of(name) : alias(site, name);
    return id.filter(each -> sealed.has(site, each));
  }

  /** What no alias can be called is looked up nowhere: it may be of any length. */
  private Optional<String> alias(String site, String name) {
    return AliasName.isValid(name)
        ? aliases.find(site, name).map(Aliases.Alias::deployment)
        : Optional.empty();
  }
}
