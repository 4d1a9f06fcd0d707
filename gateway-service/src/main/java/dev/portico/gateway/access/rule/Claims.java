package dev.portico.gateway.access.rule;

import dev.portico.gateway.access.Identity;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers: what does a claim of this name say of somebody? */
public final class Claims {
  private Claims() {}

  /**
   * The value as rules compare it and origins are told it; null where there is none. An address
   * that nobody has proven is none: whoever can choose one could be anybody.
   */
  public static @Nullable String value(Identity identity, String name) {
    return switch (name) {
      case "sub" -> identity.subject();
      case "username" -> identity.username();
      case "email" -> identity.emailVerified() ? identity.email() : null;
      case "name" -> identity.name();
      case "groups" -> String.join(",", new TreeSet<>(identity.groups()));
      case "scopes" -> String.join(" ", new TreeSet<>(identity.scopes()));
      default -> identity.claims().get(name);
    };
  }
}
