package dev.portico.gateway.access.signed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.portico.gateway.access.SecretHash;
import dev.portico.gateway.access.rule.SignatureVerdict;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.routing.Escapes;
import dev.portico.gateway.routing.SimplePath;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers: is a request signed by one of these keys, for what it asks, here and now? A signature in
 * the query counts before one in cookies, as at CloudFront.
 *
 * <p>That a key has signed a statement is true for good, and costs the most to find out: it is
 * remembered. Whether the key may sign, and what the statement says of address, time and viewer, is
 * looked at for each request.
 */
public final class SignedRequests {
  /** Bytes of statements that are remembered, about. */
  static final long MOST_REMEMBERED = 16 << 20;

  /** Bytes of a policy; a longer one is not read. */
  private static final int LONGEST = 8192;

  private static final int OVERHEAD = 300;
  private static final Duration LONGEST_KEPT = Duration.ofDays(1);
  private static final Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{1,12}");

  private final InstantSource clock;
  private final Cache<Signed, SignedStatement> verified;

  /** Nothing remembered yet. */
  public SignedRequests() {
    this(InstantSource.system(), MOST_REMEMBERED);
  }

  SignedRequests(InstantSource clock, long mostRemembered) {
    this.clock = clock;
    this.verified =
        Caffeine.newBuilder()
            .maximumWeight(mostRemembered)
            .weigher((Signed signed, SignedStatement statement) -> OVERHEAD + statement.size())
            .expireAfter(Expiry.creating((Signed signed, SignedStatement said) -> left(said)))
            .executor(Runnable::run)
            .build();
  }

  /** As long as it can be of use; a day at most, after which it is computed again. */
  private Duration left(SignedStatement statement) {
    long seconds = statement.until() - clock.instant().getEpochSecond();
    return Duration.ofSeconds(Math.clamp(seconds, 0, LONGEST_KEPT.toSeconds()));
  }

  /**
   * A signature that holds.
   *
   * @param key whose it is
   * @param hash the name of the hash that was signed
   * @param bytes a hash of what was signed, and of the signature
   */
  private record Signed(PublicKey key, String hash, SecretHash bytes) {
    static Signed of(PublicKey key, String hash, byte[] signed, byte[] signature) {
      // With its length, or the end of one could be the beginning of the other.
      byte[] length = ByteBuffer.allocate(Integer.BYTES).putInt(signed.length).array();
      return new Signed(key, hash, SecretHash.of(length, signed, signature));
    }
  }

  /** How many are remembered, about. */
  long size() {
    verified.cleanUp();
    return verified.estimatedSize();
  }

  /**
   * Judges.
   *
   * @param address the viewer's
   */
  public SignatureVerdict judge(
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
    Signed question = Signed.of(key, hash, signed, signature);
    SignedStatement statement = verified.getIfPresent(question);
    if (statement == null) {
      // Only what holds is remembered: whoever makes signatures up drives out none that are good.
      if (!verifies(key, hash, signed, signature)) {
        return SignatureVerdict.FORGED;
      }
      try {
        statement = SignedStatement.read(signed);
      } catch (IOException e) {
        return SignatureVerdict.MALFORMED;
      }
      if (now.getEpochSecond() < statement.until()) {
        verified.put(question, statement);
      }
    }
    return judge(statement, request, address, now.getEpochSecond());
  }

  private static SignatureVerdict judge(
      SignedStatement statement, ViewerRequest request, InetAddress address, long now) {
    String url = url(request);
    if (!statement.isFor(url) || !(statement.names(url) || isForReadings(statement, request))) {
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
  private static boolean isForReadings(SignedStatement statement, ViewerRequest request) {
    if (!SimplePath.mayDiffer(request.path())) {
      return true;
    }
    for (String reading : SimplePath.of(request.path())) {
      StringBuilder raw = new StringBuilder();
      Escapes.encode(raw, reading, Escapes.PATH);
      if (!statement.isFor(url(request, raw.toString()))) {
        return false;
      }
    }
    return true;
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
