package dev.portico.auth.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.portico.auth.dynamodb.Condition;
import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.seal.Seal;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The keys in the table, their private parts sealed. */
@Singleton
final class IdentityKeyRecords {
  private static final String PARTITION = "AUTH#IDENTITY-KEYS";
  private static final int MOST = 100;

  private final Table table;
  private final Seal seal;

  IdentityKeyRecords(Table table, Seal seal) {
    this.table = table;
    this.seal = seal;
  }

  /** All that are there, the oldest first; those whose time is over among them. */
  List<IdentityKey> all() {
    return table.query(PARTITION, "0", "9", MOST).stream().map(this::key).toList();
  }

  /** Makes a key, unless another copy has made the one of this number. */
  void create(long number, Instant from, Instant until) {
    Key key = new Key(PARTITION, String.format(Locale.ROOT, "%019d", number));
    ECKey made = generate();
    table.write(
        Write.put(
            Item.at(key)
                .with("number", number)
                .with("published", made.toPublicJWK().toJSONString())
                .with("key", seal.close(made.toJSONString(), key.pk()))
                .with("from", from)
                .with("until", until)
                .expiringAt(until.plus(IdentityKey.PUBLISHED_AFTER)),
            Condition.notExists()));
  }

  private static ECKey generate() {
    try {
      return new ECKeyGenerator(Curve.P_256)
          .keyUse(KeyUse.SIGNATURE)
          .algorithm(JWSAlgorithm.ES256)
          .keyIDFromThumbprint(true)
          .generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private IdentityKey key(Item item) {
    return new IdentityKey(
        item.number("number"),
        parse(item.string("published")),
        seal.open(item.string("key"), item.key().pk()).map(IdentityKeyRecords::parse),
        item.instant("from"),
        item.instant("until"));
  }

  /** Without the cause, which may quote the key. */
  private static ECKey parse(String json) {
    try {
      return ECKey.parse(json);
    } catch (ParseException e) {
      throw new IllegalStateException("an identity key cannot be read");
    }
  }
}
