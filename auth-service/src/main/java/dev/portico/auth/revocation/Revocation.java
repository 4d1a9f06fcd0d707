package dev.portico.auth.revocation;

import dev.portico.auth.dynamodb.Item;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the feed (deploy/contracts/auth-revocations.json).
 *
 * @param number its place, from 1, without gaps
 * @param kind {@code session}, {@code token} or {@code user}; readers treat one that they do not
 *     know as the end of all sessions
 * @param signIn of kind {@code session}: the sign-in that is over
 * @param originJti of kind {@code token}: the {@code origin_jti} of the tokens that are void
 * @param subject of kind {@code user}: the account whose tokens and sessions are void
 * @param issuedBefore of kind {@code user}: those from before this, in seconds of the epoch
 * @param until after this nothing is left that it could hold of, in seconds of the epoch
 */
@Serdeable
record Revocation(
    long number,
    String kind,
    @Nullable String signIn,
    @Nullable String originJti,
    @Nullable String subject,
    @Nullable Long issuedBefore,
    long until) {
  static final String SESSION = "session";
  static final String TOKEN = "token";
  static final String USER = "user";

  /** That a sign-in is over. */
  static Revocation session(String signIn, Instant until) {
    return new Revocation(0, SESSION, signIn, null, null, null, until.getEpochSecond());
  }

  /** That tokens of one origin are void. */
  static Revocation token(String originJti, Instant until) {
    return new Revocation(0, TOKEN, null, originJti, null, null, until.getEpochSecond());
  }

  /** That all of an account's from before is void. */
  static Revocation user(String subject, Instant issuedBefore, Instant until) {
    return new Revocation(
        0, USER, null, null, subject, issuedBefore.getEpochSecond(), until.getEpochSecond());
  }

  static Revocation of(Item item) {
    return new Revocation(
        item.number("number"),
        item.string("kind"),
        item.text("signIn").orElse(null),
        item.text("originJti").orElse(null),
        item.text("subject").orElse(null),
        item.text("subject").isPresent() ? item.number("issuedBefore") : null,
        item.number("until"));
  }

  /** An item with all but the number. */
  Item in(Item item) {
    Item with =
        item.with("kind", kind)
            .with("signIn", signIn)
            .with("originJti", originJti)
            .with("subject", subject)
            .with("until", until);
    return issuedBefore == null ? with : with.with("issuedBefore", issuedBefore);
  }
}
