package dev.portico.content.member;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.portico.content.error.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** What a member may do at a site. */
@Serdeable
public enum Role {
  /** Everything. */
  @JsonProperty("owner")
  OWNER,
  /** Publish and activate. */
  @JsonProperty("publisher")
  PUBLISHER,
  /** Look. */
  @JsonProperty("viewer")
  VIEWER;

  /** Whether this role allows the action. */
  public boolean allows(Action action) {
    return switch (this) {
      case OWNER -> true;
      case PUBLISHER -> action != Action.MANAGE;
      case VIEWER -> action == Action.READ;
    };
  }

  /** As in JSON and in the table: lower case. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role of this text. */
  @JsonCreator
  public static Role of(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    throw Problem.invalid("role", "is none of owner, publisher, viewer");
  }
}
