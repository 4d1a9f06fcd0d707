package dev.portico.gateway.access.rule;

import dev.portico.gateway.access.Identity;
import dev.portico.gateway.origin.address.Cidr;
import java.security.PublicKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may have what behaviours name it, of a site's settings. All that it names must hold; whoever
 * comes from an exempt address passes alone.
 *
 * @param id its name
 * @param understood whether everything that was said of it is known here; nobody is let in
 *     otherwise
 * @param exempt addresses that are let in whatever else is named
 * @param required addresses of which requests must come; empty: any
 * @param password that must have been entered; null: none
 * @param keys by which requests must be signed, by id; null: they need not be
 * @param authorizer who is asked about each request; null: nobody
 * @param accounts what is asked of viewers' accounts; null: nothing
 */
public record AccessPolicy(
    String id,
    boolean understood,
    List<Cidr> exempt,
    List<Cidr> required,
    @Nullable Password password,
    @Nullable Map<String, PublicKey> keys,
    @Nullable Authorizer authorizer,
    @Nullable Accounts accounts) {
  /** Copies the collections. */
  public AccessPolicy {
    exempt = List.copyOf(exempt);
    required = List.copyOf(required);
    keys = keys == null ? null : Map.copyOf(keys);
  }

  /** A policy that lets in nobody, since what it says is not known here. */
  public static AccessPolicy notUnderstood(String id) {
    return new AccessPolicy(id, false, List.of(), List.of(), null, null, null, null);
  }

  /** Whether it would let in everyone. */
  public boolean asksNothing() {
    return required.isEmpty()
        && password == null
        && keys == null
        && authorizer == null
        && accounts == null;
  }

  /**
   * Whether an origin may learn who a request is from that this policy has let in.
   *
   * @param identity whose it is; null where that was not asked
   */
  public boolean tells(@Nullable Identity identity) {
    boolean context = authorizer != null && !authorizer.context().isEmpty();
    boolean claims =
        accounts != null && (accounts.identityToken() || !accounts.forwarded().isEmpty());
    // Which goes on as it was sent.
    boolean token = identity != null && identity.credential() == Identity.Credential.BEARER;
    return context || claims || token;
  }

  /** Names, in lower case, of the fields by which origins are told what was found out. */
  public Set<String> toldFields() {
    Set<String> names = new HashSet<>();
    if (authorizer != null) {
      authorizer.context().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }
    if (accounts != null) {
      accounts.forwarded().forEach(each -> names.add(each.header().toLowerCase(Locale.ROOT)));
    }
    return names;
  }

  /**
   * A password that viewers share.
   *
   * @param hash of it, in PHC string format (argon2id)
   * @param remembered how long a browser that has entered it need not do so again
   */
  public record Password(String hash, Duration remembered) {
    @Override
    public String toString() {
      return "Password";
    }
  }

  /**
   * An HTTP server that is asked.
   *
   * @param origin id of the origin that it is
   * @param path at which, and with which query
   * @param cached how long its answer holds at most
   * @param forwarded fields of the request that it is told, in lower case
   * @param context fields of its answer that the behaviour's origin is told
   */
  public record Authorizer(
      String origin, String path, Duration cached, Set<String> forwarded, List<String> context) {
    /** Copies the collections. */
    public Authorizer {
      forwarded = Set.copyOf(forwarded);
      context = List.copyOf(context);
    }
  }

  /**
   * What is asked of an account. That there is one is, if nothing else.
   *
   * @param any groups of which it must be in one; empty: of none
   * @param all groups of which it must be in each
   * @param member least role that it must have at the site; null: none
   * @param claims what its claims must be
   * @param scopes that its access token must have each of
   * @param session whether the cookie of a signed-in browser is proof
   * @param bearer whether an access token is
   * @param forwarded claims that origins are told
   * @param identityToken whether origins are told by {@code Portico-Identity-Token}
   */
  public record Accounts(
      Set<String> any,
      Set<String> all,
      @Nullable Role member,
      List<Claim> claims,
      Set<String> scopes,
      boolean session,
      boolean bearer,
      List<ForwardedClaim> forwarded,
      boolean identityToken) {
    /** Copies the collections. */
    public Accounts {
      any = Set.copyOf(any);
      all = Set.copyOf(all);
      claims = List.copyOf(claims);
      scopes = Set.copyOf(scopes);
      forwarded = List.copyOf(forwarded);
    }
  }

  /**
   * What a claim must be.
   *
   * @param values of which it must be one
   */
  public record Claim(String name, Set<String> values) {
    /** Copies the set. */
    public Claim {
      values = Set.copyOf(values);
    }
  }

  /**
   * A claim that origins are told.
   *
   * @param claim its name
   * @param header the field that has its value
   */
  public record ForwardedClaim(String claim, String header) {}
}
