package dev.portico.auth.signin;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.portico.auth.session.TokenClaims;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in, as the ID token says.
 *
 * @param username the pool's name of the account
 * @param email the address, if there is one
 * @param emailVerified whether it is proven
 * @param name the name, if there is one
 * @param groups the pool's groups
 * @param claims other attributes, as texts, by Cognito's names
 * @param claimLists those that are lists of such, as a pool's trigger may add them
 */
public record Profile(
    String username,
    @Nullable String email,
    boolean emailVerified,
    @Nullable String name,
    List<String> groups,
    Map<String, String> claims,
    Map<String, List<String>> claimLists) {
  private static final String GROUPS = "cognito:groups";

  /** What is said elsewhere, or of the token and not of the account. */
  private static final Set<String> OTHERS =
      Set.of(
          "sub",
          "iss",
          "aud",
          "jti",
          "origin_jti",
          "event_id",
          "token_use",
          "nonce",
          "at_hash",
          "auth_time",
          "email",
          "email_verified",
          "name");

  /** Keeps copies. */
  public Profile {
    groups = List.copyOf(groups);
    claims = Map.copyOf(claims);
    claimLists = Map.copyOf(claimLists);
  }

  /** The profile of a sign-in. */
  public static Profile of(SignIn signIn) {
    return of(TokenClaims.parse(signIn.tokens().idToken()));
  }

  static Profile of(JWTClaimsSet id) {
    var claims = new TreeMap<String, String>();
    var lists = new TreeMap<String, List<String>>();
    id.getClaims()
        .forEach(
            (name, value) -> {
              if (OTHERS.contains(name) || name.startsWith("cognito:")) {
                return;
              }
              if (isPlain(value)) {
                claims.put(name, String.valueOf(value));
              } else if (value instanceof List<?> list
                  && list.stream().allMatch(Profile::isPlain)) {
                lists.put(name, list.stream().map(String::valueOf).toList());
              }
            });
    String username = text(id, "cognito:username");
    return new Profile(
        username == null ? id.getSubject() : username,
        text(id, "email"),
        Boolean.parseBoolean(String.valueOf(id.getClaim("email_verified"))),
        text(id, "name"),
        id.getClaim(GROUPS) instanceof List<?> groups
            ? groups.stream().map(String::valueOf).toList()
            : List.of(),
        claims,
        lists);
  }

  private static boolean isPlain(@Nullable Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  private static @Nullable String text(JWTClaimsSet id, String name) {
    return id.getClaim(name) instanceof String value ? value : null;
  }
}
