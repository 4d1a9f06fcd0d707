package dev.portico.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.standins.aws.LocalCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Calls of the Cognito user pools API (JSON 1.1), signed as AWS's clients sign theirs (Signature
 * Version 4). The launcher needs a handful of calls and starts in a blink; AWS's own client would
 * take longer to load than all of it.
 */
final class CognitoApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TARGET = "AWSCognitoIdentityProviderService.";
  private static final String TYPE = "application/x-amz-json-1.1";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI endpoint;
  private final LocalCredentials account;

  CognitoApi(URI endpoint, LocalCredentials account) {
    this.endpoint = endpoint;
    this.account = account;
  }

  /** Cognito refused a call. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The name of the exception as AWS documents it. */
    final String kind;

    Refused(String operation, String kind, String message) {
      super(operation + ": " + kind + ": " + message);
      this.kind = kind;
    }
  }

  /**
   * Calls an operation.
   *
   * @throws Refused when Cognito answers with one of its exceptions
   */
  JsonNode call(String operation, Map<String, ?> parameters) {
    try {
      var body = JSON.writeValueAsBytes(parameters);
      var time = TIME.format(Instant.now());
      var request =
          HttpRequest.newBuilder(endpoint.resolve("/"))
              .timeout(Duration.ofSeconds(20))
              .header("Content-Type", TYPE)
              .header("X-Amz-Target", TARGET + operation)
              .header("X-Amz-Date", time)
              .header("Authorization", authorization(operation, time, body))
              .POST(BodyPublishers.ofByteArray(body))
              .build();
      var response = client.send(request, BodyHandlers.ofByteArray());
      var answer = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        var kind = answer.path("__type").asText("status " + response.statusCode());
        throw new Refused(
            operation,
            kind.substring(kind.indexOf('#') + 1),
            answer.path("message").asText(answer.path("Message").asText("")));
      }
      return answer;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(operation + " failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(operation + " was interrupted", e);
    }
  }

  /** Fetches a public document of the stand-in. */
  void get(String path) {
    try {
      var request =
          HttpRequest.newBuilder(endpoint.resolve(path)).timeout(Duration.ofSeconds(30)).build();
      int status = client.send(request, BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        throw new IllegalStateException("GET " + path + " was answered " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException("GET " + path + " failed: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("GET " + path + " was interrupted", e);
    }
  }

  /** The Authorization header; see AWS's "Create a signed AWS API request". */
  private String authorization(String operation, String time, byte[] body)
      throws GeneralSecurityException {
    var signed = "content-type;host;x-amz-date;x-amz-target";
    var canonical =
        String.join(
            "\n",
            "POST",
            "/",
            "",
            "content-type:" + TYPE,
            "host:" + endpoint.getAuthority(),
            "x-amz-date:" + time,
            "x-amz-target:" + TARGET + operation,
            "",
            signed,
            hex(sha256(body)));
    var day = time.substring(0, 8);
    var scope = day + "/" + account.region() + "/cognito-idp/aws4_request";
    var toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            time,
            scope,
            hex(sha256(canonical.getBytes(StandardCharsets.UTF_8))));
    var key = hmac(("AWS4" + account.secret()).getBytes(StandardCharsets.UTF_8), day);
    for (var part : new String[] {account.region(), "cognito-idp", "aws4_request"}) {
      key = hmac(key, part);
    }
    return "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
        .formatted(account.keyId(), scope, signed, hex(hmac(key, toSign)));
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    client.close();
  }
}
