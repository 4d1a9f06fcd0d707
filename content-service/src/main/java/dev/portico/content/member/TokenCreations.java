package dev.portico.content.member;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which deploy token was made under which {@link IdempotencyKey}, for a day. An item is written in
 * the token's own transaction, so that of two requests with one key, even at once, one makes it.
 */
@Singleton
final class TokenCreations {
  /** As long as Stripe keeps keys at least. */
  static final Duration KEPT = Duration.ofHours(24);

  private static final String REQUEST = "request";
  private static final String TOKEN = "token";
  private static final String EXPIRES = "expires";

  private final Table table;
  private final Clock clock;

  TokenCreations(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * The token that this key has made before.
   *
   * @param request a hash of what is asked for
   * @throws Problem 422 when something else was asked for with it; 410 when the token has been
   *     revoked since
   */
  Optional<Item> find(String site, IdempotencyKey key, byte[] request) {
    Optional<Item> known =
        table.get(key(site, key)).filter(item -> item.instant(EXPIRES).isAfter(clock.instant()));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    if (!MessageDigest.isEqual(known.get().bytes(REQUEST), request)) {
      throw Problem.unprocessable(
              "idempotency-key-reused", "This key was sent with another request before.")
          .field(IdempotencyKey.HEADER, "was sent with another body");
    }
    String token = known.get().string(TOKEN);
    return Optional.of(
        table
            .get(DeployTokens.key(site, token))
            .orElseThrow(
                () -> Problem.gone("The token that this key made has been revoked: " + token)));
  }

  /** To be added to the transaction that makes a token; refused when the key has made one. */
  Write remember(String site, IdempotencyKey key, byte[] request, String token) {
    Instant now = clock.instant();
    return Write.put(
            Item.at(key(site, key))
                .with(REQUEST, request)
                .with(TOKEN, token)
                .with(EXPIRES, now.plus(KEPT))
                .expiringAt(now.plus(KEPT)))
        .when(Condition.or(Condition.notExists(), Condition.less(EXPIRES, now)));
  }

  static Key key(String site, IdempotencyKey key) {
    return new Key("SITE#" + site, "IDEMPOTENCY#" + key.hash());
  }
}
