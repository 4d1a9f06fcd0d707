package dev.portico.content.member;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.portico.content.error.Problem;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Locale;

/** Kinds of calls on a site. Deploy tokens can hold all but the last. */
@Serdeable
public enum Action {
  /** See the site, its deployments and their files. */
  @JsonProperty("read")
  READ,
  /** Upload and delete deployments. */
  @JsonProperty("publish")
  PUBLISH,
  /** Choose what is live: activate, roll back, aliases. */
  @JsonProperty("activate")
  ACTIVATE,
  /** Have gateways forget cached responses. */
  @JsonProperty("invalidate")
  INVALIDATE,
  /** Settings, host names, members, tokens, audit log, deletion. */
  @Hidden
  MANAGE;

  /** As in JSON and in the table: lower case. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The action of this text, one that a token can hold. */
  @JsonCreator
  public static Action of(String text) {
    for (Action action : values()) {
      if (action != MANAGE && action.text().equals(text)) {
        return action;
      }
    }
    throw Problem.invalid(
        "actions", "holds something else than publish, activate, invalidate, read");
  }
}
