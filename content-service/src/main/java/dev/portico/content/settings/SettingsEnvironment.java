package dev.portico.content.settings;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;

/**
 * What settings are judged by besides themselves: what the operator allows, and which policies
 * sites share.
 */
@Singleton
public final class SettingsEnvironment {
  private final OriginsSettings origins;
  private final SharedPolicies policies;

  /** Takes both as they are; shared policies are asked for whenever settings are judged. */
  public SettingsEnvironment(OriginsSettings origins, SharedPolicies policies) {
    this.origins = origins;
    this.policies = policies;
  }

  InnerAddresses inner() {
    return origins.inner();
  }

  Map<String, PolicyKind> sharedPolicies(Set<String> ids) {
    return ids.isEmpty() ? Map.of() : policies.kinds(ids);
  }
}
