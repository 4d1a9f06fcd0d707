package dev.portico.content.member.pool;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * deploy/contracts/auth-revocations.json, as far as it is about tokens.
 *
 * @param position the feed's position after these
 * @param mark to be sent with that position
 * @param more whether the feed goes on behind these; absent: it does not
 * @param revocations in their order; absent: there are none
 */
@Serdeable
record RevocationAnswer(
    long position,
    @Nullable String mark,
    @Nullable Boolean more,
    @Nullable List<Entry> revocations) {
  /** The revocations; a writer may leave an empty list out. */
  List<Entry> entries() {
    return revocations == null ? List.of() : revocations;
  }

  /**
   * One revocation.
   *
   * @param kind {@code token}, {@code user}, or one that is about something else
   * @param originJti of the tokens, where it is about them
   * @param subject of the account, where it is about all that it had
   * @param issuedBefore before when, in seconds since 1970
   * @param until how long it must be remembered, in seconds since 1970
   */
  @Serdeable
  record Entry(
      String kind,
      @Nullable String originJti,
      @Nullable String subject,
      @Nullable Long issuedBefore,
      @Nullable Long until) {}
}
