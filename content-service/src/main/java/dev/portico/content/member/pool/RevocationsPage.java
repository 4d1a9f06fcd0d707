package dev.portico.content.member.pool;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What auth-service answers to a poll (deploy/contracts/auth-revocations.json), as far as it is
 * about tokens.
 *
 * @param position the number to ask after next
 * @param mark to be sent with that number
 * @param revocations oldest first
 */
@Serdeable
record RevocationsPage(long position, @Nullable String mark, List<Entry> revocations) {
  /**
   * One entry.
   *
   * @param originJti of kind {@code token}: the {@code origin_jti} of the tokens that are void
   * @param subject of kind {@code user}: the account whose tokens are void
   * @param issuedBefore of kind {@code user}: those from before this, in seconds of the epoch
   * @param until after this it holds of nothing any more, in seconds of the epoch
   */
  @Serdeable
  record Entry(
      @Nullable String originJti,
      @Nullable String subject,
      @Nullable Long issuedBefore,
      long until) {}
}
