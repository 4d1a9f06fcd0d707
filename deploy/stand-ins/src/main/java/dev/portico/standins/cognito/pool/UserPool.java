package dev.portico.standins.cognito.pool;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.protocol.CognitoException;
import dev.portico.standins.cognito.protocol.Json;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user pool with its app clients, groups and whatever else is of it.
 *
 * @param id {@code region_something}
 * @param settings as {@code UserPoolType}, defaults filled in
 * @param clients by id
 * @param groups by name
 * @param resourceServers by identifier
 * @param identityProviders by name; those besides the pool itself
 * @param created in milliseconds since the epoch
 */
public record UserPool(
    String id,
    ObjectNode settings,
    Map<String, PoolClient> clients,
    Map<String, Group> groups,
    Map<String, ResourceServer> resourceServers,
    Map<String, IdentityProvider> identityProviders,
    long created) {
  static final String TOTP_CONFIGURATION = "SoftwareTokenMfaConfiguration";
  static final String EMAIL_CODE_CONFIGURATION = "EmailMfaConfiguration";
  static final String TEXT_CODE_CONFIGURATION = "SmsMfaConfiguration";

  /** E.164, as AWS wants it. */
  private static final Pattern PHONE_NUMBER = Pattern.compile("\\+[0-9]{1,15}");

  /** The standard claims of OpenID Connect that every pool has. */
  private static final Set<String> STANDARD =
      Set.of(
          "address",
          "birthdate",
          "email",
          "email_verified",
          "family_name",
          "gender",
          "given_name",
          "locale",
          "middle_name",
          "name",
          "nickname",
          "phone_number",
          "phone_number_verified",
          "picture",
          "preferred_username",
          "profile",
          "updated_at",
          "website",
          "zoneinfo");

  /** A pool of an earlier release was kept without resource servers or identity providers. */
  public UserPool {
    resourceServers = resourceServers == null ? new LinkedHashMap<>() : resourceServers;
    identityProviders = identityProviders == null ? new LinkedHashMap<>() : identityProviders;
  }

  UserPool(String id, ObjectNode settings, long created) {
    this(
        id,
        settings,
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        created);
  }

  static boolean isStandard(String attribute) {
    return STANDARD.contains(attribute);
  }

  /** The pool's name. */
  public String name() {
    return settings.path("Name").asText();
  }

  /** The id after the underscore: part of what SRP hashes. */
  public String shortName() {
    return id.substring(id.indexOf('_') + 1);
  }

  /** Whether people sign in with their email address and user names are made up. */
  public boolean usernameIsEmail() {
    return lists("UsernameAttributes", "email");
  }

  /** Whether a verified email address can stand for the user name. */
  public boolean emailIsAlias() {
    return usernameIsEmail() || lists("AliasAttributes", "email");
  }

  /** Whether only administrators can create accounts. */
  public boolean closedToSignUp() {
    return settings.path("AdminCreateUserConfig").path("AllowAdminCreateUserOnly").asBoolean(false);
  }

  /** Whether a confirmed sign-up proves the email address. */
  public boolean verifiesEmail() {
    return lists("AutoVerifiedAttributes", "email");
  }

  /** Whether a changed email address takes effect only once it is proved. */
  public boolean keepsEmailUntilVerified() {
    for (var kept :
        settings.at("/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate")) {
      if (kept.asText().equals("email")) {
        return true;
      }
    }
    return false;
  }

  /** Whether nobody signs in without a second factor. */
  public boolean requiresMfa() {
    return settings.path("MfaConfiguration").asText().equals("ON");
  }

  /** Whether codes of an authenticator app are a second factor here. */
  public boolean offersTotp() {
    return !settings.path("MfaConfiguration").asText("OFF").equals("OFF")
        && settings.path(TOTP_CONFIGURATION).path("Enabled").asBoolean(false);
  }

  /** Whether codes by email are a second factor here. */
  public boolean offersEmailCodes() {
    return !settings.path("MfaConfiguration").asText("OFF").equals("OFF")
        && settings.has(EMAIL_CODE_CONFIGURATION);
  }

  /** Whether codes by text message are a second factor here. */
  public boolean offersTextCodes() {
    return !settings.path("MfaConfiguration").asText("OFF").equals("OFF")
        && settings.has(TEXT_CODE_CONFIGURATION);
  }

  /** Whether case matters in user names. */
  public boolean caseSensitive() {
    return settings.path("UsernameConfiguration").path("CaseSensitive").asBoolean(false);
  }

  /** How long a temporary password can be used. */
  public Duration temporaryPasswordValidity() {
    return Duration.ofDays(
        settings.at("/Policies/PasswordPolicy/TemporaryPasswordValidityDays").asLong(7));
  }

  /** Refuses a password that the pool's policy does not allow. */
  public void checkPassword(String password) {
    new PasswordPolicy(settings.at("/Policies/PasswordPolicy")).check(password);
  }

  /** Refuses attributes that the pool does not know, or that nobody may set. */
  public void checkAttributes(Map<String, String> attributes) {
    for (var name : attributes.keySet()) {
      if (name.equals("sub")) {
        throw CognitoException.invalidParameter("Cannot modify the non-mutable attribute sub");
      }
      if (!STANDARD.contains(name) && !declares(name)) {
        throw CognitoException.invalidParameter(
            "Attributes did not conform to the schema: " + name + ": attribute is not defined");
      }
    }
    var phone = attributes.get("phone_number");
    if (phone != null && !phone.isEmpty() && !PHONE_NUMBER.matcher(phone).matches()) {
      throw CognitoException.invalidParameter("Invalid phone number format.");
    }
  }

  /** Refuses when an attribute is missing that the pool requires. */
  public void checkRequiredAttributes(Map<String, String> attributes) {
    for (var attribute : settings.path("SchemaAttributes")) {
      var name = attribute.path("Name").asText();
      if (attribute.path("Required").asBoolean(false)
          && !name.equals("sub")
          && !attributes.containsKey(name)) {
        throw CognitoException.invalidParameter(
            "Attributes did not conform to the schema: " + name + ": The attribute is required\n");
      }
    }
  }

  /** Refuses to change an attribute that keeps the value it was created with. */
  public void checkMutable(String name) {
    for (var attribute : settings.path("SchemaAttributes")) {
      if (attribute.path("Name").asText().equals(name)
          && !attribute.path("Mutable").asBoolean(true)) {
        throw CognitoException.invalidParameter(name + ": Attribute cannot be updated.\n");
      }
    }
  }

  private boolean declares(String name) {
    for (var attribute : settings.path("SchemaAttributes")) {
      if (attribute.path("Name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The client, or {@code ResourceNotFoundException}. */
  public PoolClient client(String clientId) {
    var client = clients.get(clientId);
    if (client == null) {
      throw CognitoException.notFound("User pool client " + clientId + " does not exist.");
    }
    return client;
  }

  /** The group, or {@code ResourceNotFoundException}. */
  public Group group(String name) {
    var group = groups.get(name);
    if (group == null) {
      throw CognitoException.notFound("Group not found.");
    }
    return group;
  }

  /** The resource server, or {@code ResourceNotFoundException}. */
  public ResourceServer resourceServer(String identifier) {
    var server = resourceServers.get(identifier);
    if (server == null) {
      throw CognitoException.notFound("Resource server " + identifier + " does not exist.");
    }
    return server;
  }

  /** The identity provider, or {@code ResourceNotFoundException}. */
  public IdentityProvider identityProvider(String name) {
    var provider = identityProviders.get(name);
    if (provider == null) {
      throw CognitoException.notFound("Identity provider " + name + " does not exist.");
    }
    return provider;
  }

  /** The identity provider that has this identifier, or null. */
  public @Nullable IdentityProvider identityProviderBy(String identifier) {
    return identityProviders.values().stream()
        .filter(provider -> provider.identifiers().contains(identifier))
        .findFirst()
        .orElse(null);
  }

  /** Whether a resource server has this scope, written with its identifier. */
  public boolean hasCustomScope(String scope) {
    return resourceServers.values().stream().anyMatch(server -> server.has(scope));
  }

  /** The groups of that name, the first in precedence first. */
  public List<Group> inOrder(Set<String> names) {
    return groups.values().stream()
        .filter(group -> names.contains(group.name()))
        .sorted(
            Comparator.<Group>comparingInt(
                    group -> {
                      var precedence = group.precedence();
                      return precedence == null ? Integer.MAX_VALUE : precedence;
                    })
                .thenComparing(Group::name))
        .toList();
  }

  private boolean lists(String setting, String value) {
    for (var listed : settings.path(setting)) {
      if (listed.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }

  /** As {@code UserPoolType}. */
  public ObjectNode describe(int users) {
    return settings
        .deepCopy()
        // GetUserPoolMfaConfig tells these.
        .remove(List.of(TOTP_CONFIGURATION, EMAIL_CODE_CONFIGURATION, TEXT_CODE_CONFIGURATION))
        .put("Id", id)
        .put("EstimatedNumberOfUsers", users)
        .put("CreationDate", Json.time(created))
        .put("LastModifiedDate", Json.time(created));
  }
}
