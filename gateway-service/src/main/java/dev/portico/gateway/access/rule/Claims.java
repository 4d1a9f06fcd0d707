package dev.portico.gateway.access.rule;

import dev.portico.gateway.access.Identity;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers: what does a claim of this name say of somebody? */
public final class Claims {
  private static final String SEPARATOR = ",";

  /** What an identity says itself, whatever else is claimed under these names. */
  private static final Set<String> OWN = Set.of("sub", "username", "email", "name");

  private Claims() {}

  /**
   * What rules compare: the value, of a list each; empty where there is no such claim. An address
   * that nobody has proven is none: whoever can choose one could be anybody.
   */
  static Collection<String> values(Identity identity, String name) {
    return switch (name) {
      case "groups", "cognito:groups" -> identity.groups();
      case "scopes" -> identity.scopes();
      default -> {
        List<String> list = list(identity, name);
        String text = text(identity, name);
        yield list != null ? list : text == null ? List.of() : List.of(text);
      }
    };
  }

  /**
   * What origins are told: the value, of a list all that have no comma, by commas; null where there
   * is no such claim.
   */
  public static @Nullable String told(Identity identity, String name) {
    return switch (name) {
      case "groups", "cognito:groups" -> joined(new TreeSet<>(identity.groups()));
      case "scopes" -> String.join(" ", new TreeSet<>(identity.scopes()));
      default -> {
        List<String> list = list(identity, name);
        yield list == null ? text(identity, name) : joined(list);
      }
    };
  }

  /** Without those that could be taken for several. */
  private static String joined(Collection<String> values) {
    return values.stream()
        .filter(value -> !value.contains(SEPARATOR))
        .collect(Collectors.joining(SEPARATOR));
  }

  private static @Nullable List<String> list(Identity identity, String name) {
    return OWN.contains(name) ? null : identity.claimLists().get(name);
  }

  private static @Nullable String text(Identity identity, String name) {
    return switch (name) {
      case "sub" -> identity.subject();
      case "username" -> identity.username();
      case "email" -> identity.emailVerified() ? identity.email() : null;
      case "name" -> identity.name();
      default -> identity.claims().get(name);
    };
  }
}
