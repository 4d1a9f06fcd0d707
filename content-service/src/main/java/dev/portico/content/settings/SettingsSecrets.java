package dev.portico.content.settings;

import dev.portico.content.settings.Origin.Header;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a document nobody is shown again, apart from it. The values of the header fields that
 * origins are sent are often secrets; each belongs to the server that it was given for, and is lost
 * with it: whoever changes an origin's host must not make the gateway send it elsewhere. Shared
 * passwords are hashed; each belongs to its access policy.
 *
 * @param values by origin, server and field, or by access policy
 */
record SettingsSecrets(Map<String, String> values) {
  /** Why a field given over the API needs a value. */
  static final String UNKNOWN =
      "is required: no value is known of this field for this protocol, host and port";

  /** The same where a file of a deployment may have named the field. */
  static final String UNKNOWN_WITH_FILE =
      UNKNOWN
          + "; that over the API is not for a portico.yml with another pathPrefix or without"
          + " verifyTls";

  /** What the key of an access policy's password begins with. */
  private static final String PASSWORD = "password ";

  static final SettingsSecrets NONE = new SettingsSecrets(Map.of());

  SettingsSecrets {
    values = Map.copyOf(values);
  }

  private static String key(Origin origin, Header header) {
    return server(origin) + header.name().toLowerCase(Locale.ROOT);
  }

  /** What the keys of an origin's values begin with. */
  private static String server(Origin origin) {
    return origin.id()
        + ' '
        + origin.protocol()
        + "://"
        + origin.host()
        + ':'
        + origin.port()
        + ' ';
  }

  /** No origin has a colon, which a server has, behind the space. */
  private static String key(AccessPolicy policy) {
    return PASSWORD + policy.id();
  }

  /** The names of the document's fields, in order, that have other values than some others. */
  Set<String> differences(SettingsSecrets others) {
    Set<String> differing = new TreeSet<>();
    for (SettingsSecrets one : List.of(this, others)) {
      for (String key : one.values.keySet()) {
        if (!Objects.equals(values.get(key), others.values.get(key))) {
          differing.add(isPassword(key) ? "accessPolicies" : "origins");
        }
      }
    }
    return differing;
  }

  private static boolean isPassword(String key) {
    return key.startsWith(PASSWORD) && key.indexOf(':') < 0;
  }

  /** The values that a document holds. */
  static SettingsSecrets of(SettingsDocument document) {
    var values = new LinkedHashMap<String, String>();
    for (Origin origin : document.origins()) {
      for (Header header : origin.headers()) {
        if (header.value() != null) {
          values.put(key(origin, header), header.value());
        }
      }
    }
    for (AccessPolicy policy : document.accessPolicies()) {
      if (policy.password() != null && policy.password().value() != null) {
        values.put(key(policy), policy.password().value());
      }
    }
    return new SettingsSecrets(values);
  }

  /**
   * A document with the hashes of its passwords in place of them. One that is known keeps its hash,
   * so that browsers which have entered it need not do so again.
   */
  SettingsDocument hashed(SettingsDocument document) {
    return document.withAccessPolicies(
        document.accessPolicies().stream()
            .map(
                policy ->
                    policy.password() == null || policy.password().value() == null
                        ? policy
                        : policy.withPassword(hash(policy, policy.password().value())))
            .toList());
  }

  private String hash(AccessPolicy policy, String password) {
    String known = values.get(key(policy));
    return known != null && PasswordHash.matches(known, password)
        ? known
        : PasswordHash.of(password);
  }

  /** These values, and of what they lack those. */
  SettingsSecrets over(SettingsSecrets others) {
    var all = new LinkedHashMap<>(others.values);
    all.putAll(values);
    return new SettingsSecrets(all);
  }

  /**
   * Of these values those that origins of a file may have, whose author is not shown them: where
   * the file neither checks the server less than the site's own origin of the same name nor asks
   * for paths that this could not.
   *
   * @param own the site's own origins
   * @param file the file's
   */
  SettingsSecrets lent(List<Origin> own, List<Origin> file) {
    var lent = new LinkedHashMap<>(values);
    for (Origin origin : file) {
      if (own.stream().noneMatch(each -> covers(each, origin))) {
        lent.keySet().removeIf(key -> key.startsWith(server(origin)));
      }
    }
    return new SettingsSecrets(lent);
  }

  private static boolean covers(Origin own, Origin file) {
    String path = own.pathPrefix();
    return server(own).equals(server(file))
        && (file.verifyTls() || !own.verifyTls())
        && (file.pathPrefix().equals(path) || file.pathPrefix().startsWith(path + '/'));
  }

  /** The document with these values where it has none. */
  SettingsDocument fill(SettingsDocument document) {
    SettingsDocument passwords =
        document.withAccessPolicies(
            document.accessPolicies().stream()
                .map(
                    policy ->
                        policy.password() == null || policy.password().value() != null
                            ? policy
                            : policy.withPassword(values.get(key(policy))))
                .toList());
    return passwords.withOrigins(
        document.origins().stream()
            .map(
                origin ->
                    origin.withHeaders(
                        origin.headers().stream().map(each -> fill(origin, each)).toList()))
            .toList());
  }

  private Header fill(Origin origin, Header header) {
    return header.value() == null
        ? new Header(header.name(), values.get(key(origin, header)))
        : header;
  }

  /** The document without any value. */
  static SettingsDocument hide(SettingsDocument document) {
    SettingsDocument passwords =
        document.withAccessPolicies(
            document.accessPolicies().stream().map(policy -> policy.withPassword(null)).toList());
    return passwords.withOrigins(
        document.origins().stream()
            .map(
                origin ->
                    origin.withHeaders(
                        origin.headers().stream()
                            .map(each -> new Header(each.name(), null))
                            .toList()))
            .toList());
  }

  /**
   * Notes each field, and each password, of a filled document that has no value.
   *
   * @param unknown the reason of a field
   */
  static void checkFilled(SettingsDocument document, Faults faults, String unknown) {
    for (int i = 0; i < document.accessPolicies().size(); i++) {
      AccessPolicy.Password password = document.accessPolicies().get(i).password();
      if (password != null && password.value() == null) {
        faults.add(
            "accessPolicies[" + i + "].password.value",
            "is required: no password is known of an access policy of this id; it is given over the"
                + " API");
      }
    }
    for (int i = 0; i < document.origins().size(); i++) {
      List<Header> headers = document.origins().get(i).headers();
      for (int j = 0; j < headers.size(); j++) {
        if (headers.get(j).value() == null) {
          faults.add("origins[" + i + "].headers[" + j + "].value", unknown);
        }
      }
    }
  }

  int bytes() {
    return values.entrySet().stream()
        .mapToInt(each -> each.getKey().length() + each.getValue().length())
        .sum();
  }
}
