package dev.portico.content.invalidation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.portico.content.change.InvalidationSource.Invalidated;
import dev.portico.content.dynamodb.Item;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An invalidation as shown.
 *
 * @param id its id
 * @param callerReference by which it was asked for
 * @param status whether all gateways have confirmed it; once completed it stays completed
 * @param createdAt when
 * @param createdBy sub of a person, or {@code token:} and id of a deploy token
 * @param completedAt when it was found completed, null: not yet
 * @param paths what it names, in order, each once; not in lists
 * @param tags what it names, in order, each once; not in lists
 * @param missing the live gateways that have not confirmed it; not in lists
 */
@Serdeable
record Invalidation(
    String id,
    String callerReference,
    Status status,
    Instant createdAt,
    String createdBy,
    @Nullable Instant completedAt,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<String> paths,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<String> tags,
    @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) List<Missing> missing) {

  /** Whether it is over, in CloudFront's words. */
  @Serdeable
  @Schema(name = "InvalidationStatus")
  enum Status {
    /** A gateway may still answer with what it names. */
    @JsonProperty("InProgress")
    IN_PROGRESS,
    /** No gateway does any more. */
    @JsonProperty("Completed")
    COMPLETED
  }

  /**
   * A gateway that an invalidation waits for.
   *
   * @param gateway its id
   * @param leaseUntil waited for until then, unless it confirms or polls again before
   */
  @Serdeable
  @Schema(name = "MissingGateway")
  record Missing(String gateway, Instant leaseUntil) {}

  /** As lists have it. */
  static Invalidation listed(Item item, Completion.State state) {
    return of(item, state, null);
  }

  /** With all that it names, and those it waits for. */
  static Invalidation whole(Item item, Completion.State state, Invalidated named) {
    return of(item, state, named);
  }

  private static Invalidation of(Item item, Completion.State state, @Nullable Invalidated named) {
    return new Invalidation(
        InvalidationTable.id(item),
        item.string("callerReference"),
        state.completed() == null ? Status.IN_PROGRESS : Status.COMPLETED,
        item.instant("createdAt"),
        item.string("createdBy"),
        state.completed(),
        named == null ? null : named.paths(),
        named == null ? null : named.tags(),
        named == null ? null : state.missing());
  }
}
