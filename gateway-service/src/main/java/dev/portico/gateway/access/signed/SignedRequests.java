package dev.portico.gateway.access.signed;

import dev.portico.gateway.access.rule.SignatureVerdict;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.SimplePath;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers: is a request signed by one of these keys, for what it asks, here and now? A signature in
 * the query counts before one in cookies, as at CloudFront.
 */
public final class SignedRequests {
  /** Bytes of a policy; a longer one is not read. */
  private static final int LONGEST = 8192;

  private static final Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{1,12}");

  private SignedRequests() {}

  /**
   * Judges.
   *
   * @param address the viewer's
   */
  public static SignatureVerdict judge(
      ViewerRequest request, InetAddress address, Map<String, PublicKey> keys, Instant now) {
    RequestSignature given = RequestSignature.of(request);
    if (given.signature() == null) {
      return SignatureVerdict.MISSING;
    }
    if (given.key() == null || (given.policy() == null && given.expires() == null)) {
      return SignatureVerdict.MALFORMED;
    }
    PublicKey key = keys.get(given.key());
    if (key == null) {
      return SignatureVerdict.UNKNOWN_KEY;
    }
    if (given.policy() == null && isOver(given.expires(), now)) {
      return SignatureVerdict.EXPIRED;
    }
    byte[] signed = signed(given, request);
    byte[] signature = decoded(given.signature());
    String hash = hash(given.hash());
    if (signed == null || signature == null || hash == null) {
      return SignatureVerdict.MALFORMED;
    }
    if (!verifies(key, hash, signed, signature)) {
      return SignatureVerdict.FORGED;
    }
    try {
      return judge(SignedStatement.read(signed), request, address, now.getEpochSecond());
    } catch (IOException e) {
      return SignatureVerdict.MALFORMED;
    }
  }

  private static SignatureVerdict judge(
      SignedStatement statement, ViewerRequest request, InetAddress address, long now) {
    if (!statement.isFor(url(request)) || !isForSimplePath(statement, request)) {
      return SignatureVerdict.OTHER_RESOURCE;
    }
    if (now >= statement.until()) {
      return SignatureVerdict.EXPIRED;
    }
    if (statement.from() != null && now <= statement.from()) {
      return SignatureVerdict.TOO_EARLY;
    }
    return statement.address() == null || statement.address().contains(address)
        ? SignatureVerdict.VALID
        : SignatureVerdict.OTHER_ADDRESS;
  }

  /** Before anything is computed. */
  private static boolean isOver(@Nullable String expires, Instant now) {
    return expires != null
        && EPOCH_SECONDS.matcher(expires).matches()
        && now.getEpochSecond() >= Long.parseLong(expires);
  }

  /** What a server may take the path for, too: a signature for one folder must not open others. */
  private static boolean isForSimplePath(SignedStatement statement, ViewerRequest request) {
    if (!SimplePath.mayDiffer(request.path())) {
      return true;
    }
    StringBuilder simple = new StringBuilder();
    Escapes.encode(simple, SimplePath.of(request.path()), Escapes.PATH);
    return statement.isFor(url(request, simple.toString()));
  }

  /** The bytes that were signed: a custom policy as sent, or what a canned one stands for. */
  private static byte @Nullable [] signed(RequestSignature given, ViewerRequest request) {
    if (given.policy() != null) {
      byte[] policy = decoded(given.policy());
      return policy == null || policy.length > LONGEST ? null : policy;
    }
    String expires = given.expires();
    if (expires == null || !EPOCH_SECONDS.matcher(expires).matches()) {
      return null;
    }
    String resource = url(request);
    // A quote would end the address within the statement.
    if (resource.indexOf('"') >= 0 || resource.indexOf('\\') >= 0) {
      return null;
    }
    return ("{\"Statement\":[{\"Resource\":\""
            + resource
            + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":"
            + expires
            + "}}}]}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The address as the viewer asked for it, without CloudFront's parameters. */
  private static String url(ViewerRequest request) {
    return url(request, request.rawPath());
  }

  private static String url(ViewerRequest request, String rawPath) {
    String query = RequestSignature.unsigned(request.query());
    String base = request.scheme() + "://" + request.authority() + rawPath;
    return query == null ? base : base + '?' + query;
  }

  /** CloudFront's alphabet: Base64 with three characters that need no escape in URLs. */
  private static byte @Nullable [] decoded(String text) {
    if (text.length() > 2 * LONGEST) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '=').replace('~', '/'));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String hash(@Nullable String name) {
    return switch (name) {
      case null -> "SHA1";
      case "SHA1" -> "SHA1";
      case "SHA256" -> "SHA256";
      default -> null;
    };
  }

  private static boolean verifies(PublicKey key, String hash, byte[] signed, byte[] signature) {
    String kind = key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA";
    try {
      Signature verifier = Signature.getInstance(hash + "with" + kind);
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // not even of the form of one
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a request's signature is in its cookies, which browsers send by themselves. */
  public static boolean inCookies(ViewerRequest request) {
    return RequestSignature.of(request.with(HeaderFields.NONE)).signature() == null;
  }

  /** The query without what is CloudFront's; null where nothing is left. */
  public static @Nullable String withoutSignature(@Nullable String query) {
    return RequestSignature.unsigned(query);
  }

  /** Whether a cookie of this name is a part of a signature. */
  public static boolean isCookie(String name) {
    return RequestSignature.isCookie(name);
  }
}
