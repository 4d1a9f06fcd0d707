package dev.portico.auth.signin;

import dev.portico.auth.dynamodb.Condition;
import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.seal.Seal;
import dev.portico.auth.session.Tokens;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Sign-ins in the table, their tokens sealed. */
@Singleton
final class SignInRecords {
  private static final String VERSION = "version";
  private static final String SEPARATOR = "\n"; // which no token has

  private final Table table;
  private final Seal seal;

  SignInRecords(Table table, Seal seal) {
    this.table = table;
    this.seal = seal;
  }

  static Key key(String id) {
    return new Key("AUTH#SIGNIN#" + id, "SIGNIN");
  }

  /** The record; empty if there is none, or its key to be opened by is gone. */
  Optional<SignIn> find(String id) {
    return table.get(key(id)).flatMap(this::signIn);
  }

  /** Stores a new one; false if its id is taken. */
  boolean create(SignIn signIn) {
    return table.write(Write.put(item(signIn), Condition.notExists()));
  }

  /** Stores what came of a version; false if that is not the stored one any more. */
  boolean replace(SignIn before, SignIn after) {
    return table.write(Write.put(item(after), Condition.equal(VERSION, before.version())));
  }

  /** What takes away a version of a record; empty if that is not the stored one any more. */
  Optional<Write> deletion(SignIn version) {
    return find(version.id())
        .filter(stored -> stored.version() == version.version())
        .map(stored -> Write.delete(key(stored.id()), Condition.equal(VERSION, stored.version())));
  }

  private Item item(SignIn signIn) {
    Key key = key(signIn.id());
    Tokens tokens = signIn.tokens();
    String text =
        String.join(SEPARATOR, tokens.accessToken(), tokens.idToken(), tokens.refreshToken());
    return Item.at(key)
        .with("id", signIn.id())
        .with("secretHash", signIn.secretHash())
        .with("subject", signIn.subject())
        .with("originJti", signIn.originJti())
        .with("authenticatedAt", signIn.authenticatedAt())
        .with("created", signIn.created())
        .with("until", signIn.expiresAt())
        .with("used", signIn.used())
        .with("tokensExpireAt", signIn.tokensExpireAt())
        .with("tokensLast", tokens.expiresIn())
        .with("tokens", seal.close(text, key.pk()))
        .with("refreshedUntil", signIn.refreshedUntil())
        .with(VERSION, signIn.version())
        .expiringAt(signIn.expiresAt());
  }

  private Optional<SignIn> signIn(Item item) {
    return seal.open(item.string("tokens"), item.key().pk())
        .map(text -> text.split(SEPARATOR, -1))
        .map(
            tokens ->
                new SignIn(
                    item.string("id"),
                    item.string("secretHash"),
                    item.string("subject"),
                    item.text("originJti").orElse(null),
                    item.instant("authenticatedAt"),
                    item.instant("created"),
                    item.instant("until"),
                    item.instant("used"),
                    item.instant("tokensExpireAt"),
                    new Tokens(tokens[0], tokens[1], tokens[2], (int) item.number("tokensLast")),
                    item.number(VERSION),
                    item.time("refreshedUntil").orElse(null)));
  }
}
