package dev.portico.auth.sitesession;

import dev.portico.auth.authorization.Codes;
import dev.portico.auth.dynamodb.Condition;
import dev.portico.auth.dynamodb.Item;
import dev.portico.auth.dynamodb.Key;
import dev.portico.auth.dynamodb.Table;
import dev.portico.auth.dynamodb.Write;
import dev.portico.auth.identity.IdentityTokens;
import dev.portico.auth.seal.Secret;
import dev.portico.auth.signin.Profile;
import dev.portico.auth.signin.SignIn;
import dev.portico.auth.signin.SignIns;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;

/** Sessions at sites. Each lives as long as its sign-in, and is nothing but a way to it. */
@Singleton
final class SiteSessions {
  /** How long a gateway may rely on an answer. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private final Table table;
  private final Codes codes;
  private final SignIns signIns;
  private final IdentityTokens tokens;
  private final Clock clock;

  SiteSessions(Table table, Codes codes, SignIns signIns, IdentityTokens tokens, Clock clock) {
    this.table = table;
    this.codes = codes;
    this.signIns = signIns;
    this.tokens = tokens;
    this.clock = clock;
  }

  /** What became of a redemption. */
  sealed interface Redemption {
    /**
     * There is a session.
     *
     * @param answer with its value
     */
    record Done(SiteSessionAnswer answer) implements Redemption {}

    /** The code is none, too old, or brought by others than it was made for. */
    record Refused() implements Redemption {}

    /**
     * The code was brought before, so that two have it; the sign-in was ended.
     *
     * @param subject whose it was; empty if it was over
     */
    record BroughtTwice(Optional<String> subject) implements Redemption {}
  }

  /**
   * Makes a session of a code. The code is used up by the first who brings it; a second one ends
   * what the first one got (RFC 6749 section 4.1.2).
   */
  Redemption redeem(String site, String redirectUri, String code, String verifier) {
    Optional<Codes.Taken> taken = codes.take(code);
    if (taken.isEmpty()) {
      return new Redemption.Refused();
    }
    Codes.Grant grant = taken.get().grant();
    if (!taken.get().first()) {
      return new Redemption.BroughtTwice(signIns.end(grant.signIn()).map(SignIn::subject));
    }
    if (!grant.admits(site, redirectUri, verifier, clock.instant())) {
      return new Redemption.Refused();
    }
    return signIns
        .live(grant.signIn())
        .flatMap(signIn -> begin(signIn, site, grant.nonce()))
        .<Redemption>map(Redemption.Done::new)
        .orElseGet(Redemption.Refused::new);
  }

  /** Empty if the sign-in has ended meanwhile: nobody is told of a session that is none. */
  private Optional<SiteSessionAnswer> begin(SignIn signIn, String site, String nonce) {
    Instant now = clock.instant();
    String value = Secret.fresh();
    var writes = new ArrayList<>(signIns.whileAlive(signIn));
    writes.add(
        Write.put(
            Item.at(key(value))
                .with("signIn", signIn.id())
                .with("site", site)
                .with("created", now)
                .expiringAt(signIn.expiresAt()),
            Condition.notExists()));
    if (!table.write(writes.toArray(Write[]::new))) {
      return Optional.empty();
    }
    return Optional.of(
        answer(signIn, site)
            .begun(value, Duration.between(now, signIn.expiresAt()).toSeconds(), nonce));
  }

  /** Who a session is of. */
  SiteSessionAnswer query(String value, String site) {
    return signIn(value, site)
        .flatMap(signIns::live)
        .map(signIn -> answer(signIn, site))
        .orElse(SiteSessionAnswer.ENDED);
  }

  /** The access token of whom a session is of, valid now. */
  AccessTokenAnswer accessToken(String value, String site) {
    return signIn(value, site)
        .flatMap(signIns::live)
        .map(AccessTokenAnswer::of)
        .orElse(AccessTokenAnswer.ENDED);
  }

  /**
   * Ends the sign-in that a session belongs to, or all of the account's.
   *
   * @return the account; empty if it was over already
   */
  Optional<String> end(String value, String site, boolean everywhere) {
    Optional<String> id = signIn(value, site);
    return id.flatMap(everywhere ? signIns::endAll : signIns::end).map(SignIn::subject);
  }

  private Optional<String> signIn(String value, String site) {
    return table
        .get(key(value))
        .filter(item -> !item.expired(clock.instant()))
        .filter(item -> item.string("site").equals(site))
        .map(item -> item.string("signIn"));
  }

  private SiteSessionAnswer answer(SignIn signIn, String site) {
    Profile profile = Profile.of(signIn);
    long left = Duration.between(clock.instant(), signIn.expiresAt()).toSeconds();
    return SiteSessionAnswer.active(
        Math.min(FRESH.toSeconds(), left),
        SiteSessionAnswer.Identity.of(signIn, profile, tokens.of(signIn, profile, site)));
  }

  private static Key key(String value) {
    return new Key("AUTH#SESSION#" + Secret.hash(value), "SESSION");
  }
}
