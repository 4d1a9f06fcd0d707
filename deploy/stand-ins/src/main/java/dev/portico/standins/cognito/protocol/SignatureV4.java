package dev.portico.standins.cognito.protocol;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies AWS Signature Version 4 of a request to {@code cognito-idp}, as <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS
 * describes it</a>, for one key pair.
 *
 * @param keyId the only known access key id
 * @param secret its secret
 * @param region the region that the signature must be for
 * @param clock the wall clock, never an adjusted one: clients sign with theirs
 */
public record SignatureV4(String keyId, String secret, String region, Clock clock) {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256\\s+Credential=([^/,]+)/(\\d{8})/([^/,]+)/([^/,]+)/aws4_request,"
              + "\\s*SignedHeaders=([^,]+),\\s*Signature=([0-9a-f]{64})");

  /**
   * Verifies a request.
   *
   * @param method the HTTP method
   * @param target the request's path and query
   * @param headers the value of a header by lower-case name; null when absent
   * @param body the whole body
   * @throws CognitoException with AWS's name for what is wrong
   */
  public void verify(
      String method, URI target, Function<String, @Nullable String> headers, byte[] body) {
    var authorization = headers.apply("authorization");
    if (authorization == null) {
      throw CognitoException.of(
          "MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    var parts = AUTHORIZATION.matcher(authorization.strip());
    if (!parts.matches()) {
      throw CognitoException.of(
          "IncompleteSignatureException", "Authorization header is not a valid AWS4-HMAC-SHA256");
    }
    if (!parts.group(1).equals(keyId)) {
      throw CognitoException.of(
          "UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    if (!parts.group(3).equals(region) || !parts.group(4).equals("cognito-idp")) {
      throw CognitoException.of(
          "InvalidSignatureException",
          "Credential should be scoped to a valid region and service: " + region + ", cognito-idp");
    }
    var time = headers.apply("x-amz-date");
    checkTime(time, parts.group(2));
    var signature = HexFormat.of().parseHex(parts.group(6));
    if (!MessageDigest.isEqual(
        signature, expected(method, target, headers, body, parts, String.valueOf(time)))) {
      throw CognitoException.of(
          "InvalidSignatureException",
          "The request signature we calculated does not match the signature you provided. Check"
              + " your AWS Secret Access Key and signing method. Consult the service documentation"
              + " for details.");
    }
  }

  private void checkTime(@Nullable String time, String day) {
    try {
      var signed = Instant.from(TIME.parse(String.valueOf(time)));
      var now = clock.instant();
      if (Duration.between(signed, now).abs().compareTo(TOLERANCE) > 0) {
        throw CognitoException.of(
            "InvalidSignatureException",
            "Signature expired or not yet current: "
                + time
                + " is more than 5 min. from "
                + TIME.format(now));
      }
    } catch (DateTimeParseException e) {
      throw CognitoException.of("IncompleteSignatureException", "X-Amz-Date is missing or wrong");
    }
    if (!String.valueOf(time).startsWith(day)) {
      throw CognitoException.of(
          "InvalidSignatureException", "Date in Credential scope does not match X-Amz-Date");
    }
  }

  private byte[] expected(
      String method,
      URI target,
      Function<String, @Nullable String> headers,
      byte[] body,
      Matcher parts,
      String time) {
    var names = List.of(parts.group(5).split(";", -1));
    if (!names.contains("host")) {
      throw CognitoException.of("InvalidSignatureException", "'Host' must be a signed header");
    }
    var canonicalHeaders =
        names.stream()
            .map(name -> name + ":" + collapsed(headers.apply(name)) + "\n")
            .collect(Collectors.joining());
    var path = target.getRawPath();
    var canonical =
        String.join(
            "\n",
            method,
            path == null || path.isEmpty() ? "/" : path,
            canonicalQuery(target.getRawQuery()),
            canonicalHeaders,
            parts.group(5),
            hex(sha256(body)));
    var scope = parts.group(2) + "/" + region + "/cognito-idp/aws4_request";
    var toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            time,
            scope,
            hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (var step : List.of(parts.group(2), region, "cognito-idp", "aws4_request", toSign)) {
      key = hmac(key, step);
    }
    return key;
  }

  private static String collapsed(@Nullable String value) {
    return value == null ? "" : value.strip().replaceAll(" +", " ");
  }

  private static String canonicalQuery(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return "";
    }
    Map<String, String> sorted = new TreeMap<>();
    Arrays.stream(query.split("&", -1))
        .forEach(pair -> sorted.put(pair.contains("=") ? pair : pair + "=", ""));
    return String.join("&", sorted.keySet());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
