package dev.portico.content.member;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.portico.content.conditional.EntityTag;
import dev.portico.content.dynamodb.Item;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a site.
 *
 * @param sub Cognito's sub
 * @param role what they may do
 * @param since when they got the role
 * @param by who gave it
 */
@Serdeable
public record Member(String sub, Role role, Instant since, String by) {
  /**
   * What a membership is to be.
   *
   * @param role the role
   */
  @Serdeable
  @JsonIgnoreProperties(ignoreUnknown = false)
  @Schema(name = "MemberRequest")
  public record Request(@NotNull Role role) {}

  /**
   * A page.
   *
   * @param items by sub
   * @param next cursor of the following page
   */
  @Serdeable
  @Schema(name = "MemberPage")
  public record MemberPage(List<Member> items, @Nullable String next) {}

  /** Its ETag. */
  String tag() {
    return EntityTag.of(role.text(), Long.toString(since.toEpochMilli()));
  }

  static Member of(Item item) {
    return new Member(
        item.key().sk().substring("MEMBER#".length()),
        Role.of(item.string("role")),
        item.instant("since"),
        item.string("by"));
  }
}
