package dev.portico.auth.authorization;

import dev.portico.auth.dynamodb.Condition;
import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.seal.Secret;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Authorization codes: what a browser brings to the callback, and a gateway redeems, once.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749 section 4.1.2</a>
 */
@Singleton
public final class Codes {
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final String TAKEN = "taken";

  private final Table table;
  private final Clock clock;

  Codes(Table table, Clock clock) {
    this.table = table;
    this.clock = clock;
  }

  /**
   * What a code stands for.
   *
   * @param site that it was made for
   * @param redirectUri that it was sent to
   * @param challenge of PKCE
   * @param nonce to go back with the session
   * @param signIn id of the sign-in that it is a part of
   * @param expiresAt when it expires
   */
  public record Grant(
      String site,
      String redirectUri,
      String challenge,
      String nonce,
      String signIn,
      Instant expiresAt) {
    /** Whether this redemption is by whom the code was made for, in time. */
    public boolean admits(String forSite, String forUri, String verifier, Instant now) {
      return now.isBefore(expiresAt)
          && site.equals(forSite)
          && redirectUri.equals(forUri)
          && Secret.same(challenge, Secret.challenge(verifier));
    }
  }

  /**
   * A code that was brought.
   *
   * @param grant what it stands for
   * @param first whether it was not brought before
   */
  public record Taken(Grant grant, boolean first) {}

  /** Makes a code. */
  String issue(AuthorizationRequest request, String signIn) {
    String code = Secret.fresh();
    PushedRequest pushed = request.pushed();
    Instant expiresAt = clock.instant().plus(LIFE);
    table.write(
        Write.put(
            Item.at(key(code))
                .with("site", pushed.site())
                .with("redirectUri", pushed.redirectUri())
                .with("challenge", pushed.codeChallenge())
                .with("nonce", pushed.nonce())
                .with("signIn", signIn)
                .with("until", expiresAt)
                .expiringAt(expiresAt.plus(LIFE))));
    return code;
  }

  /** Takes a code, whoever brings it: it is used up by that. Empty if there is none. */
  public Optional<Taken> take(String code) {
    Optional<Item> found = table.get(key(code));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Item item = found.get();
    boolean first =
        table.write(Write.put(item.with(TAKEN, clock.instant()), Condition.existsWithout(TAKEN)));
    return Optional.of(
        new Taken(
            new Grant(
                item.string("site"),
                item.string("redirectUri"),
                item.string("challenge"),
                item.string("nonce"),
                item.string("signIn"),
                item.instant("until")),
            first));
  }

  private static Key key(String code) {
    return new Key("AUTH#CODE#" + Secret.hash(code), "CODE");
  }
}
