package dev.portico.content.member;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portico.content.dynamodb.Item;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deploy token as shown.
 *
 * @param id not secret
 * @param title what its owner calls it
 * @param actions what it may do
 * @param createdAt when
 * @param createdBy sub of who made it
 * @param expiresAt when it ends
 * @param lastUsedAt to the minute, null: never
 * @param token the token itself, only in the first answer that creates it
 */
@Serdeable
public record DeployToken(
    String id,
    String title,
    List<String> actions,
    Instant createdAt,
    String createdBy,
    Instant expiresAt,
    @Nullable Instant lastUsedAt,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String token) {

  /**
   * What a new token is to be.
   *
   * @param title what its owner calls it
   * @param actions one at least; null: publish, activate and read
   * @param expiresAt null: in 90 days; at most 365 days away
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "DeployTokenRequest")
  public record Request(
      @NotBlank @Size(max = 100) String title,
      @Nullable @Size(min = 1, message = "must hold one action at least") List<Action> actions,
      @Nullable Instant expiresAt) {}

  /**
   * A page.
   *
   * @param items by id
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "DeployTokenPage")
  public record TokenPage(List<DeployToken> items, @Nullable String next) {}

  static DeployToken of(Item item) {
    return new DeployToken(
        item.key().sk().substring("TOKEN#".length()),
        item.string("title"),
        item.list("actions"),
        item.instant("createdAt"),
        item.string("createdBy"),
        item.instant("expires"),
        item.optionalInstant("lastUsedAt").orElse(null),
        null);
  }

  DeployToken withSecret(String secret) {
    return new DeployToken(id, title, actions, createdAt, createdBy, expiresAt, lastUsedAt, secret);
  }
}
