package dev.portico.gateway.access.signed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portico.gateway.access.rule.SignatureVerdict;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.ConnectionMemory;
import dev.portico.gateway.exchange.HttpProtocol;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ViewerRequest;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudfront.CloudFrontUtilities;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCannedPolicy;
import software.amazon.awssdk.services.cloudfront.cookie.CookiesForCustomPolicy;
import software.amazon.awssdk.services.cloudfront.model.CannedSignerRequest;
import software.amazon.awssdk.services.cloudfront.model.CustomSignerRequest;

/** What AWS's own signers sign is taken, and nothing else. */
class SignedRequestsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final InetAddress ADDRESS = InetAddress.ofLiteral("192.0.2.7");
  private static final String URL = "https://docs.example.com/private/a%20b.pdf";

  private static final CloudFrontUtilities SIGNER = CloudFrontUtilities.create();

  private static KeyPair rsa;
  private static KeyPair other;
  private static KeyPair ec;

  @BeforeAll
  static void makeKeys() throws NoSuchAlgorithmException {
    rsa = pair("RSA", 2048);
    other = pair("RSA", 2048);
    ec = pair("EC", 256);
  }

  private static KeyPair pair(String kind, int bits) throws NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static ViewerRequest request(String url, String... cookies) {
    URI uri = URI.create(url);
    FieldList fields =
        cookies.length == 0
            ? FieldList.EMPTY
            : FieldList.of("Cookie", String.join("; ", cookies) + "; theme=dark");
    return new ViewerRequest(
        RequestIds.of(0, null),
        "GET",
        uri.getScheme(),
        uri.getHost(),
        uri.getPort() < 0 ? 443 : uri.getPort(),
        uri.getRawPath(),
        uri.getPath(),
        false,
        uri.getRawQuery(),
        fields,
        ADDRESS.getHostAddress(),
        HttpProtocol.HTTP_1_1,
        0,
        new ConnectionMemory());
  }

  private final SignedRequests signatures = new SignedRequests(InstantSource.fixed(NOW), 1 << 20);

  private SignatureVerdict judge(ViewerRequest request) {
    return signatures.judge(
        request, ADDRESS, Map.of("K1", rsa.getPublic(), "K2", ec.getPublic()), NOW);
  }

  private static String canned(String url, PrivateKey key, String id, Instant until) {
    return SIGNER
        .getSignedUrlWithCannedPolicy(
            CannedSignerRequest.builder()
                .resourceUrl(url)
                .privateKey(key)
                .keyPairId(id)
                .expirationDate(until)
                .build())
        .url();
  }

  private static CustomSignerRequest.Builder custom(String url) {
    return CustomSignerRequest.builder()
        .resourceUrl(url)
        .privateKey(rsa.getPrivate())
        .keyPairId("K1")
        .expirationDate(LATER);
  }

  private static String url(CustomSignerRequest request) {
    return SIGNER.getSignedUrlWithCustomPolicy(request).url();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        URL,
        URL + "?version=2&lang=de",
        "https://docs.example.com:8443/x",
        "https://docs.example.com/x//y;z=1/a.pdf"
      })
  void aSignedUrl(String url) {
    String signed = canned(url, rsa.getPrivate(), "K1", LATER);
    assertThat(judge(request(signed))).isEqualTo(SignatureVerdict.VALID);
    assertThat(judge(request(signed.replace("docs", "dogs")))).isEqualTo(SignatureVerdict.FORGED);
    assertThat(judge(request(signed.replaceAll("Expires=[0-9]+", "Expires=1999999999"))))
        .isEqualTo(SignatureVerdict.FORGED);
    assertThat(judge(request(signed + "&more=1"))).isEqualTo(SignatureVerdict.FORGED);
    assertThat(judge(request(url))).isEqualTo(SignatureVerdict.MISSING);
  }

  @Test
  void aUrlThatIsOverAndOneByAnotherKey() {
    assertThat(judge(request(canned(URL, rsa.getPrivate(), "K1", NOW))))
        .isEqualTo(SignatureVerdict.EXPIRED);
    assertThat(judge(request(canned(URL, rsa.getPrivate(), "K9", LATER))))
        .isEqualTo(SignatureVerdict.UNKNOWN_KEY);
    assertThat(judge(request(canned(URL, other.getPrivate(), "K1", LATER))))
        .isEqualTo(SignatureVerdict.FORGED);
  }

  /** A group has both while one takes the place of the other. */
  @Test
  void keysAreReplacedWithoutAGap() {
    String byOld = canned(URL, other.getPrivate(), "old", LATER);
    String byNew = canned(URL, rsa.getPrivate(), "new", LATER);
    Map<String, PublicKey> both = Map.of("old", other.getPublic(), "new", rsa.getPublic());
    for (String url : List.of(byOld, byNew)) {
      assertThat(signatures.judge(request(url), ADDRESS, both, NOW))
          .isEqualTo(SignatureVerdict.VALID);
    }
    assertThat(signatures.judge(request(byOld), ADDRESS, Map.of("new", rsa.getPublic()), NOW))
        .isEqualTo(SignatureVerdict.UNKNOWN_KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "https://docs.example.com/private/*, true",
    "https://docs.example.com/*/a%20b.pdf, true",
    "https://docs.example.com/private/a%20?.pdf, true",
    "http*://docs.example.com/private/*, true",
    "*, true",
    "https://docs.example.com/public/*, false",
    "https://docs.example.com/private/?.pdf, false",
    "http://docs.example.com/private/*, false"
  })
  void aCustomPolicyIsForWhatItNames(String resource, boolean good) {
    String policy =
        "{\"Statement\":[{\"Resource\":\""
            + resource
            + "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":"
            + LATER.getEpochSecond()
            + "}}}]}";
    assertThat(judge(request(URL + '?' + query(policy, "SHA1withRSA", rsa.getPrivate(), "K1"))))
        .isEqualTo(good ? SignatureVerdict.VALID : SignatureVerdict.OTHER_RESOURCE);
  }

  private static String query(String policy, String algorithm, PrivateKey key, String id) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(policy.getBytes(StandardCharsets.UTF_8));
      return "Policy="
          + encoded(policy.getBytes(StandardCharsets.UTF_8))
          + "&Signature="
          + encoded(signature.sign())
          + "&Key-Pair-Id="
          + id;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getEncoder()
        .encodeToString(bytes)
        .replace('+', '-')
        .replace('=', '_')
        .replace('/', '~');
  }

  /** Servers that read paths more freely would give out another folder's. */
  @ParameterizedTest
  @CsvSource({
    "/public/a.pdf, true",
    "/public//a.pdf, true",
    "/public/..;/private/a.pdf, false",
    "/public/..%2Fprivate/a.pdf, false",
    "/public/;/..%2F..%2Fprivate/a.pdf, false",
    "/public/..%2Fprivate/..;/public/a.pdf, false"
  })
  void aSignatureForAFolderOpensNoOther(String path, boolean good) {
    String policy =
        "{\"Statement\":[{\"Resource\":\"https://docs.example.com/public/*\","
            + "\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":"
            + LATER.getEpochSecond()
            + "}}}]}";
    String query = query(policy, "SHA1withRSA", rsa.getPrivate(), "K1");
    assertThat(judge(request("https://docs.example.com" + path + '?' + query)))
        .isEqualTo(good ? SignatureVerdict.VALID : SignatureVerdict.OTHER_RESOURCE);
  }

  @Test
  void theConditionsOfACustomPolicy() {
    assertThat(judge(request(url(custom(URL).build())))).isEqualTo(SignatureVerdict.VALID);
    assertThat(judge(request(url(custom(URL).activeDate(NOW.minusSeconds(1)).build()))))
        .isEqualTo(SignatureVerdict.VALID);
    assertThat(judge(request(url(custom(URL).activeDate(NOW).build()))))
        .isEqualTo(SignatureVerdict.TOO_EARLY);
    assertThat(judge(request(url(custom(URL).ipRange("192.0.2.0/24").build()))))
        .isEqualTo(SignatureVerdict.VALID);
    assertThat(judge(request(url(custom(URL).ipRange("198.51.100.0/24").build()))))
        .isEqualTo(SignatureVerdict.OTHER_ADDRESS);
    assertThat(judge(request(url(custom(URL).expirationDate(NOW).build()))))
        .isEqualTo(SignatureVerdict.EXPIRED);
  }

  @ParameterizedTest
  @CsvSource({
    "SHA1withRSA, '', VALID",
    "SHA256withRSA, '&Hash-Algorithm=SHA256', VALID",
    "SHA256withRSA, '', FORGED",
    "SHA1withRSA, '&Hash-Algorithm=SHA256', FORGED",
    "SHA1withRSA, '&Hash-Algorithm=MD5', MALFORMED",
    "SHA1withECDSA, '', VALID",
    "SHA256withECDSA, '&Hash-Algorithm=SHA256', VALID"
  })
  void hashes(String algorithm, String parameter, SignatureVerdict verdict) {
    boolean elliptic = algorithm.endsWith("ECDSA");
    String policy =
        "{\"Statement\":[{\"Resource\":\"*\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":"
            + LATER.getEpochSecond()
            + "}}}]}";
    PrivateKey key = elliptic ? ec.getPrivate() : rsa.getPrivate();
    String query = query(policy, algorithm, key, elliptic ? "K2" : "K1");
    assertThat(judge(request(URL + '?' + query + parameter))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Statement\":[{\"Condition\":{\"DateGreaterThan\":{\"AWS:EpochTime\":1}}}]}",
        "{\"Statement\":[{\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1999999999},"
            + "\"StringEquals\":{\"a\":\"b\"}}}]}",
        "{\"Statement\":[{\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":1999999999}}},{}]}",
        "{\"Statement\":[],\"more\":1}",
        "[]",
        ""
      })
  void aPolicyThatIsNotUnderstoodIsNone(String policy) {
    String query = query(policy, "SHA1withRSA", rsa.getPrivate(), "K1");
    assertThat(judge(request(URL + '?' + query))).isEqualTo(SignatureVerdict.MALFORMED);
  }

  @Test
  void signedCookies() {
    CookiesForCannedPolicy canned =
        SIGNER.getCookiesForCannedPolicy(
            CannedSignerRequest.builder()
                .resourceUrl(URL)
                .privateKey(rsa.getPrivate())
                .keyPairId("K1")
                .expirationDate(LATER)
                .build());
    assertThat(
            judge(
                request(
                    URL,
                    canned.expiresHeaderValue(),
                    canned.signatureHeaderValue(),
                    canned.keyPairIdHeaderValue())))
        .isEqualTo(SignatureVerdict.VALID);
    CookiesForCustomPolicy custom =
        SIGNER.getCookiesForCustomPolicy(custom("https://docs.example.com/*").build());
    String[] cookies = {
      custom.policyHeaderValue(), custom.signatureHeaderValue(), custom.keyPairIdHeaderValue()
    };
    assertThat(judge(request(URL + "?page=2", cookies))).isEqualTo(SignatureVerdict.VALID);
    assertThat(judge(request("https://other.example.com/", cookies)))
        .isEqualTo(SignatureVerdict.OTHER_RESOURCE);
    // What is in the query counts, whatever cookies say.
    assertThat(judge(request(URL + "?Signature=x&Key-Pair-Id=K1&Expires=1", cookies)))
        .isNotEqualTo(SignatureVerdict.VALID);
  }

  /** Counts how often it is computed with. */
  private static final class CountedKey implements RSAPublicKey {
    private static final long serialVersionUID = 1L;

    private final transient RSAPublicKey key;
    private int used;

    CountedKey(KeyPair pair) {
      key = (RSAPublicKey) pair.getPublic();
    }

    @Override
    public BigInteger getModulus() {
      used++;
      return key.getModulus();
    }

    @Override
    public BigInteger getPublicExponent() {
      return key.getPublicExponent();
    }

    @Override
    public String getAlgorithm() {
      return key.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return key.getFormat();
    }

    @Override
    public byte[] getEncoded() {
      return key.getEncoded();
    }
  }

  @Test
  void aSignatureIsComputedOnceAndAllElseIsLookedAtEachTime() {
    CountedKey key = new CountedKey(rsa);
    Map<String, PublicKey> keys = Map.of("K1", key);
    String policy =
        "{\"Statement\":[{\"Resource\":\"https://docs.example.com/private/*\",\"Condition\":{"
            + "\"DateLessThan\":{\"AWS:EpochTime\":%d},".formatted(LATER.getEpochSecond())
            + "\"IpAddress\":{\"AWS:SourceIp\":\"192.0.2.0/24\"}}}]}";
    String query = '?' + query(policy, "SHA1withRSA", rsa.getPrivate(), "K1");
    assertThat(signatures.judge(request(URL + query), ADDRESS, keys, NOW))
        .isEqualTo(SignatureVerdict.VALID);
    int once = key.used;
    assertThat(once).isPositive();
    assertThat(signatures.judge(request(URL + query), ADDRESS, keys, NOW))
        .isEqualTo(SignatureVerdict.VALID);
    ViewerRequest another = request("https://docs.example.com/private/b" + query);
    assertThat(signatures.judge(another, ADDRESS, keys, NOW)).isEqualTo(SignatureVerdict.VALID);
    ViewerRequest outside = request("https://docs.example.com/other" + query);
    assertThat(signatures.judge(outside, ADDRESS, keys, NOW))
        .isEqualTo(SignatureVerdict.OTHER_RESOURCE);
    InetAddress elsewhere = InetAddress.ofLiteral("198.51.100.1");
    assertThat(signatures.judge(request(URL + query), elsewhere, keys, NOW))
        .isEqualTo(SignatureVerdict.OTHER_ADDRESS);
    assertThat(signatures.judge(request(URL + query), ADDRESS, keys, LATER))
        .isEqualTo(SignatureVerdict.EXPIRED);
    assertThat(signatures.judge(request(URL + query), ADDRESS, Map.of(), NOW))
        .as("taken out of its group")
        .isEqualTo(SignatureVerdict.UNKNOWN_KEY);
    assertThat(key.used).as("computed once").isEqualTo(once);
  }

  @Test
  void nothingLessThanAllThatWasSignedIsRemembered() {
    String signed = canned(URL, rsa.getPrivate(), "K1", LATER);
    assertThat(judge(request(signed))).isEqualTo(SignatureVerdict.VALID);
    Map<String, PublicKey> replaced = Map.of("K1", other.getPublic());
    assertThat(signatures.judge(request(signed), ADDRESS, replaced, NOW))
        .as("another key by the same id")
        .isEqualTo(SignatureVerdict.FORGED);
    String later = canned(URL, rsa.getPrivate(), "K1", LATER.plusSeconds(60));
    assertThat(judge(request(later))).isEqualTo(SignatureVerdict.VALID);
    assertThat(
            judge(
                request(
                    signed.replaceAll(
                        "Expires=[0-9]+", later.replaceAll(".*(Expires=[0-9]+).*", "$1")))))
        .as("the end of another")
        .isEqualTo(SignatureVerdict.FORGED);
    assertThat(judge(request(signed.replace("a%20b", "a%20c")))).isEqualTo(SignatureVerdict.FORGED);
    assertThat(judge(request(signed + "&Hash-Algorithm=SHA256")))
        .isEqualTo(SignatureVerdict.FORGED);
    assertThat(judge(request(signed))).isEqualTo(SignatureVerdict.VALID);
  }

  @Test
  void onlyWhatHoldsIsRememberedAndNoMoreThanThereIsRoomFor() {
    assertThat(judge(request(canned(URL, other.getPrivate(), "K1", LATER))))
        .isEqualTo(SignatureVerdict.FORGED);
    assertThat(signatures.size()).as("forged").isZero();
    Map<String, PublicKey> keys = Map.of("K2", ec.getPublic());
    assertThat(signatures.judge(byEc(0), ADDRESS, keys, LATER)).isEqualTo(SignatureVerdict.EXPIRED);
    assertThat(signatures.size()).as("past its end").isZero();
    SignedRequests small = new SignedRequests(InstantSource.fixed(NOW), 2_000);
    for (int i = 0; i < 50; i++) {
      assertThat(small.judge(byEc(i), ADDRESS, keys, NOW)).isEqualTo(SignatureVerdict.VALID);
    }
    assertThat(small.size()).isBetween(1L, 7L);
  }

  private static ViewerRequest byEc(int number) {
    String url = "https://docs.example.com/" + number;
    String policy =
        "{\"Statement\":[{\"Resource\":\"%s\",\"Condition\":{".formatted(url)
            + "\"DateLessThan\":{\"AWS:EpochTime\":%d}}}]}".formatted(LATER.getEpochSecond());
    return request(url + '?' + query(policy, "SHA1withECDSA", ec.getPrivate(), "K2"));
  }

  @Test
  void whatIsLeftOfTheQuery() {
    String signed = canned(URL + "?b=2&a=1", rsa.getPrivate(), "K1", LATER);
    assertThat(SignedRequests.withoutSignature(request(signed).query())).isEqualTo("b=2&a=1");
    assertThat(SignedRequests.withoutSignature("Expires=1&Policy=x")).isNull();
    assertThat(SignedRequests.withoutSignature("expires=1&x")).isEqualTo("expires=1&x");
  }

  /** With the tool that teams have at hand. */
  @Test
  void theAwsCliSigns(@TempDir Path folder) throws IOException, InterruptedException {
    Path key = folder.resolve("key.pem");
    Files.writeString(
        key,
        "-----BEGIN RSA PRIVATE KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(
                    PrivateKeyInfo.getInstance(rsa.getPrivate().getEncoded())
                        .parsePrivateKey()
                        .toASN1Primitive()
                        .getEncoded())
            + "\n-----END RSA PRIVATE KEY-----\n");
    String out = folder.resolve("out").toString();
    int status;
    try {
      Process process =
          new ProcessBuilder(
                  "aws",
                  "cloudfront",
                  "sign",
                  "--url",
                  URL,
                  "--key-pair-id",
                  "K1",
                  "--private-key",
                  "file://" + key,
                  "--date-less-than",
                  Long.toString(LATER.getEpochSecond()))
              .redirectErrorStream(true)
              .redirectOutput(new java.io.File(out))
              .start();
      status = process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException e) {
      status = -1;
    }
    assumeTrue(status == 0, "the AWS CLI is not here, or cannot sign");
    assertThat(judge(request(Files.readString(Path.of(out)).strip())))
        .isEqualTo(SignatureVerdict.VALID);
  }
}
