package dev.portico.gateway.pipeline;

import dev.portico.gateway.access.Identity;
import dev.portico.gateway.access.rule.AccessDecision;
import dev.portico.gateway.access.rule.AccessPolicy;
import dev.portico.gateway.access.rule.AuthorizerVerdict;
import dev.portico.gateway.access.rule.Claims;
import dev.portico.gateway.access.signed.SignedRequests;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.routing.Escapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** What origins are told of whom a request is from, as its policies let it in. */
final class ToldToOrigin {
  /** The field with the identity token, in lower case. */
  static final String TOKEN = "portico-identity-token";

  private final Set<String> removed;
  private final List<String> fields = new ArrayList<>();
  private final List<AccessPolicy> policies = new ArrayList<>();

  /**
   * Nothing yet.
   *
   * @param removed names, in lower case, of the fields that only the gateway may say
   */
  ToldToOrigin(Set<String> removed) {
    this.removed = removed;
  }

  /** A policy has let the request in. */
  void admitted(
      AccessPolicy policy,
      AccessDecision.Admitted admitted,
      @Nullable AuthorizerVerdict authorizer) {
    if (policy.tells(admitted.identity())) {
      policies.add(policy);
    }
    if (admitted.open()) {
      return;
    }
    identity(policy.accounts(), admitted.identity());
    if (authorizer instanceof AuthorizerVerdict.Admits admits) {
      for (int i = 0; i < admits.context().size(); i += 2) {
        say(admits.context().get(i), admits.context().get(i + 1));
      }
    }
  }

  /** Says who it is from, as far as a policy wants that. */
  void identity(AccessPolicy.@Nullable Accounts accounts, @Nullable Identity identity) {
    if (accounts == null || identity == null) {
      return;
    }
    if (accounts.identityToken() && identity.token() != null) {
      say(TOKEN, encoded(identity.token()));
    }
    for (AccessPolicy.ForwardedClaim each : accounts.forwarded()) {
      String value = Claims.told(identity, each.claim());
      if (value != null) {
        say(each.header(), encoded(value));
      }
    }
  }

  /** Once: of two policies that say the same field the first has its say. */
  private void say(String name, String value) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equalsIgnoreCase(name)) {
        return;
      }
    }
    fields.add(name);
    fields.add(value);
  }

  /**
   * Beyond visible ASCII and spaces a claim is percent-encoded UTF-8, and so is one with a percent
   * sign: two that differ must not be told alike, and what is decoded is what was claimed.
   */
  private static String encoded(String claim) {
    return claim.indexOf('%') < 0 && isVisible(claim) ? claim : escaped(claim);
  }

  private static boolean isVisible(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
  }

  private static String escaped(String value) {
    StringBuilder escaped = new StringBuilder(value.length() + 16);
    Escapes.encode(escaped, value, Escapes.PARAMETER);
    return escaped.toString();
  }

  /**
   * The request as origins may see it.
   *
   * @param signed whether it was signed, of which origins and keys see nothing
   */
  ViewerRequest applied(ViewerRequest request, boolean signed) {
    HeaderFields clean = signed ? unsigned(request.headers()) : request.headers();
    HeaderFields all = ToldFields.of(clean, removed, fields, policies);
    ViewerRequest told = request.with(all);
    return signed
        ? told.at(told.rawPath(), told.path(), SignedRequests.withoutSignature(request.query()))
        : told;
  }

  /** Without the cookies of a signature. */
  private static HeaderFields unsigned(HeaderFields fields) {
    boolean any = false;
    FieldList.Builder kept = new FieldList.Builder();
    for (String line : fields.all("cookie")) {
      any |= line.contains("CloudFront-");
    }
    if (!any) {
      return fields;
    }
    fields.forEach(
        (name, value) -> {
          String left = name.equalsIgnoreCase("cookie") ? others(value) : value;
          if (!left.isEmpty()) {
            kept.add(name, left);
          }
        });
    return kept.build();
  }

  private static String others(String line) {
    StringJoiner kept = new StringJoiner("; ");
    for (String piece : line.split(";", -1)) {
      String cookie = piece.strip();
      int equals = cookie.indexOf('=');
      if (!SignedRequests.isCookie(equals < 0 ? cookie : cookie.substring(0, equals))) {
        kept.add(cookie);
      }
    }
    return kept.toString();
  }
}
