package dev.portico.content.member;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Item;
import dev.portico.content.dynamodb.Key;
import dev.portico.content.dynamodb.Outcome;
import dev.portico.content.dynamodb.Page;
import dev.portico.content.dynamodb.Query;
import dev.portico.content.dynamodb.Retries;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploy tokens: {@code pdt_{site}_{id}_{secret}}. The secret is 256 random bits, shown once and
 * stored as its SHA-256; it needs no slow hash, since nobody can guess it.
 */
@Singleton
final class DeployTokens {
  static final String PREFIX = "pdt_";
  static final Duration DEFAULT_LIFE = Duration.ofDays(90);
  static final Duration LONGEST_LIFE = Duration.ofDays(365);

  private static final Logger LOG = LoggerFactory.getLogger(DeployTokens.class);
  private static final Pattern FORM =
      Pattern.compile("pdt_([a-z0-9-]{1,30})_([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MOST_PER_SITE = 100;

  /** How exact the last use is; each finer step would cost a write per call. */
  private static final Duration USE_PRECISION = Duration.ofMinutes(1);

  private final Table table;
  private final TokenCreations creations;
  private final AuditLog audit;
  private final Clock clock;

  DeployTokens(Table table, TokenCreations creations, AuditLog audit, Clock clock) {
    this.table = table;
    this.creations = creations;
    this.audit = audit;
    this.clock = clock;
  }

  /** What became of a check. */
  sealed interface Verified {
    /** The token is good. */
    record Valid(Caller.DeployToken caller) implements Verified {}

    /** It is not; the reason is safe to show. */
    record Invalid(String reason) implements Verified {}
  }

  /**
   * What a request for a token led to.
   *
   * @param token with its secret, unless it is there by an earlier request
   * @param replayed whether it is
   */
  record Made(DeployToken token, boolean replayed) {}

  /**
   * Makes a token; the first answer alone holds the secret.
   *
   * @param key by which a repeat is told from a new request; null: there are no repeats
   */
  Made create(
      Caller caller, String site, DeployToken.Request request, @Nullable IdempotencyKey key) {
    var retries = new Retries();
    while (true) {
      Optional<Item> before =
          key == null ? Optional.empty() : creations.find(site, key, fingerprint(request));
      if (before.isPresent()) {
        return new Made(DeployToken.of(before.get()), true);
      }
      Optional<DeployToken> made = make(caller, site, request, key);
      if (made.isPresent()) {
        return new Made(made.get(), false);
      }
      retries.pause();
    }
  }

  /** Empty when another request with this key is first. */
  private Optional<DeployToken> make(
      Caller caller, String site, DeployToken.Request request, @Nullable IdempotencyKey key) {
    Instant now = clock.instant();
    Instant expiresAt = expiry(request.expiresAt(), now);
    Query query = Query.of(partition(site)).prefix("TOKEN#").limit(MOST_PER_SITE);
    if (table.query(query).items().size() >= MOST_PER_SITE) {
      throw Problem.conflict(
          "too-many-tokens", "A site has at most " + MOST_PER_SITE + " deploy tokens.");
    }
    String id = HexFormat.of().formatHex(random(8));
    String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random(32));
    Item item =
        Item.at(key(site, id))
            .with("title", request.title())
            .withList("actions", actions(request).stream().map(Action::text).toList())
            .with("hash", sha256(secret))
            .with("createdAt", now)
            .with("createdBy", caller.id())
            .with("expires", expiresAt)
            .expiringAt(expiresAt.plus(Duration.ofDays(30)));
    var writes = new ArrayList<Write>();
    writes.add(Write.create(item));
    writes.add(Write.check(SiteAccess.siteKey(site), Condition.exists()));
    writes.add(
        audit.entry(caller, site, "token.create", Map.of("token", id, "title", request.title())));
    if (key != null) {
      writes.add(creations.remember(site, key, fingerprint(request), id));
    }
    Outcome outcome = table.transact(writes);
    if (outcome.failure(SiteAccess.siteKey(site)).isPresent()) {
      throw Problem.notFound("The site " + site);
    }
    return outcome.written()
        ? Optional.of(DeployToken.of(item).withSecret(PREFIX + site + "_" + id + "_" + secret))
        : Optional.empty();
  }

  private static Set<Action> actions(DeployToken.Request request) {
    return request.actions() == null
        ? EnumSet.of(Action.PUBLISH, Action.ACTIVATE, Action.READ)
        : EnumSet.copyOf(request.actions());
  }

  /** A hash of what is asked for, however it is written. */
  private static byte[] fingerprint(DeployToken.Request request) {
    return sha256(actions(request) + "\n" + request.expiresAt() + '\n' + request.title());
  }

  /** A page of a site's tokens, those expired within the last 30 days included. */
  DeployToken.TokenPage list(String site, int limit, @Nullable String cursor) {
    Page page = table.query(Query.of(partition(site)).prefix("TOKEN#").limit(limit).after(cursor));
    Instant now = clock.instant();
    return new DeployToken.TokenPage(
        page.items().stream().filter(item -> !item.expired(now)).map(DeployToken::of).toList(),
        page.next());
  }

  /** Revokes a token: from now on it is as if it had never been. */
  void revoke(Caller caller, String site, String id) {
    if (id.isEmpty()) {
      throw Problem.notFound("The token");
    }
    var outcome =
        table.transact(
            List.of(
                Write.delete(key(site, id)).when(Condition.exists()),
                audit.entry(caller, site, "token.revoke", Map.of("token", id))));
    if (!outcome.written()) {
      throw Problem.notFound("The token " + id);
    }
  }

  /**
   * Checks a token as sent.
   *
   * @param requestId of the request that it came with
   * @param address that the request comes from
   */
  Verified verify(String token, String requestId, String address) {
    Matcher parts = FORM.matcher(token);
    if (!parts.matches()) {
      return new Verified.Invalid("The deploy token is malformed");
    }
    String site = parts.group(1);
    String id = parts.group(2);
    Optional<Item> found = table.get(key(site, id));
    // Hashed before comparing, and the same answer for an unknown id and a wrong secret.
    byte[] hash = sha256(parts.group(3));
    if (found.isEmpty() || !MessageDigest.isEqual(found.get().bytes("hash"), hash)) {
      return new Verified.Invalid("The deploy token is unknown or revoked");
    }
    Item item = found.get();
    Instant now = clock.instant();
    if (!item.instant("expires").isAfter(now)) {
      return new Verified.Invalid("The deploy token is expired since " + item.instant("expires"));
    }
    noteUse(item, now);
    Set<Action> actions =
        item.list("actions").stream().map(Action::of).collect(Collectors.toUnmodifiableSet());
    return new Verified.Valid(new Caller.DeployToken(id, site, actions, requestId, address));
  }

  private void noteUse(Item item, Instant now) {
    Optional<Instant> last = item.optionalInstant("lastUsedAt");
    if (last.isPresent() && last.get().plus(USE_PRECISION).isAfter(now)) {
      return;
    }
    try {
      table.write(Write.update(item.key()).set("lastUsedAt", now).when(Condition.exists()));
    } catch (RuntimeException e) {
      // The note is for people who tidy up; a publication must not fail for it.
      LOG.warn("the use of a deploy token cannot be noted: {}", e.toString());
    }
  }

  private static Instant expiry(@Nullable Instant wanted, Instant now) {
    Instant expiresAt = wanted == null ? now.plus(DEFAULT_LIFE) : wanted;
    if (!expiresAt.isAfter(now)) {
      throw Problem.invalid("expiresAt", "is in the past");
    }
    if (expiresAt.isAfter(now.plus(LONGEST_LIFE).plus(Duration.ofMinutes(5)))) {
      throw Problem.invalid("expiresAt", "is more than 365 days away");
    }
    return expiresAt;
  }

  private static String partition(String site) {
    return "SITE#" + site;
  }

  static Key key(String site, String id) {
    return new Key(partition(site), "TOKEN#" + id);
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
