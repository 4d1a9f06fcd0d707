package dev.portico.content.settings;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may have what behaviours name it. All that it names must hold; whoever comes from an exempt
 * address passes alone.
 *
 * @param id its name in this document
 * @param exemptAddresses addresses and blocks (RFC 4632) that are let in whatever else is named
 * @param requiredAddresses addresses and blocks from one of which requests must come; empty: any
 * @param password that must have been entered; null: none
 * @param signedRequests whose signatures requests must have, as CloudFront has them; null: none
 * @param authorizer who is asked about each request; null: nobody
 * @param signedIn whether viewers must be signed in
 * @param groups of which the account must be in some; null: any account
 * @param member the least role that the account must have at the site; null: none
 * @param claims what the account's claims must be
 * @param scopes that the access token must have all of
 * @param credentials what proves who a request is from: {@code session}, {@code bearer}
 * @param forwardClaims claims that origins get as header fields
 * @param identityToken whether origins get {@code Portico-Identity-Token} for sessions
 */
@Serdeable
public record AccessPolicy(
    String id,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> exemptAddresses,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> requiredAddresses,
    @Nullable Password password,
    @Nullable SignedRequests signedRequests,
    @Nullable Authorizer authorizer,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "false") boolean signedIn,
    @Nullable Groups groups,
    @Nullable
        @Schema(
            type = "string",
            allowableValues = {"viewer", "publisher", "owner"})
        String member,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<Claim> claims,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> scopes,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> credentials,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<ForwardedClaim> forwardClaims,
    @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "true")
        boolean identityToken) {
  /** What gateways take for the groups of an account, where rules compare claims. */
  private static final Set<String> GROUP_CLAIMS = Set.of("groups", "cognito:groups");

  /** Keeps unmodifiable copies. */
  public AccessPolicy {
    exemptAddresses = List.copyOf(exemptAddresses);
    requiredAddresses = List.copyOf(requiredAddresses);
    claims = List.copyOf(claims);
    scopes = List.copyOf(scopes);
    credentials = List.copyOf(credentials);
    forwardClaims = List.copyOf(forwardClaims);
  }

  /**
   * A password that viewers share.
   *
   * @param value given as text, kept and told to gateways as its argon2id hash (PHC string format),
   *     shown to nobody
   * @param rememberSeconds how long a browser that has entered it need not do so again
   */
  @Serdeable
  @Schema(name = "AccessPassword")
  public record Password(
      @Nullable String value,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "86400")
          long rememberSeconds) {}

  /**
   * Signed URLs and signed cookies.
   *
   * @param keyGroups ids of the groups whose keys may have signed
   */
  @Serdeable
  public record SignedRequests(List<String> keyGroups) {
    /** Keeps an unmodifiable copy. */
    public SignedRequests {
      keyGroups = List.copyOf(keyGroups);
    }
  }

  /**
   * An HTTP server that is asked about each request.
   *
   * @param origin id of the origin that it is
   * @param path at which it answers
   * @param cacheSeconds how long its answer holds at most, where it says so itself; 0: it is asked
   *     each time
   * @param forwardHeaders fields of the request that it is told
   * @param contextHeaders fields of its answer that the behaviour's origin is told
   */
  @Serdeable
  @Schema(name = "AccessAuthorizer")
  public record Authorizer(
      String origin,
      String path,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED, defaultValue = "0") int cacheSeconds,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> forwardHeaders,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> contextHeaders) {
    /** Keeps unmodifiable copies. */
    public Authorizer {
      forwardHeaders = List.copyOf(forwardHeaders);
      contextHeaders = List.copyOf(contextHeaders);
    }
  }

  /**
   * Cognito groups.
   *
   * @param any of which the account must be in one; empty: of none
   * @param all of which the account must be in each
   */
  @Serdeable
  @Schema(name = "AccessGroups")
  public record Groups(
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> any,
      @Schema(requiredMode = RequiredMode.NOT_REQUIRED) List<String> all) {
    /** Keeps unmodifiable copies. */
    public Groups {
      any = List.copyOf(any);
      all = List.copyOf(all);
    }
  }

  /**
   * What a claim must be.
   *
   * @param name such as {@code custom:department}
   * @param values of which it must be one
   */
  @Serdeable
  @Schema(name = "AccessClaim")
  public record Claim(String name, List<String> values) {
    /** Keeps an unmodifiable copy. */
    public Claim {
      values = List.copyOf(values);
    }
  }

  /**
   * A claim that origins are told.
   *
   * @param claim its name
   * @param header the field that has its value
   */
  @Serdeable
  public record ForwardedClaim(String claim, String header) {}

  /** The Cognito groups that it names: by {@code groups}, or as values of a claim that is these. */
  Set<String> namedGroups() {
    Set<String> named = new LinkedHashSet<>();
    if (groups != null) {
      named.addAll(groups.any());
      named.addAll(groups.all());
    }
    claims.stream()
        .filter(claim -> GROUP_CLAIMS.contains(claim.name()))
        .flatMap(claim -> claim.values().stream())
        .filter(AccessPolicyReader::isGroup) // else no group has that name
        .forEach(named::add);
    return named;
  }

  /** The same with another value of the password; null: none known. */
  AccessPolicy withPassword(@Nullable String value) {
    return password == null
        ? this
        : new AccessPolicy(
            id,
            exemptAddresses,
            requiredAddresses,
            new Password(value, password.rememberSeconds()),
            signedRequests,
            authorizer,
            signedIn,
            groups,
            member,
            claims,
            scopes,
            credentials,
            forwardClaims,
            identityToken);
  }
}
