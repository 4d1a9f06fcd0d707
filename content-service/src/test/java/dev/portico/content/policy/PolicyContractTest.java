package dev.portico.content.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portico.content.fixture.ServiceMapper;
import dev.portico.content.settings.StoredPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What gateways are given of shared policies is what deploy/contracts says. */
class PolicyContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final io.micronaut.serde.ObjectMapper SERDE = ServiceMapper.create();

  private static JsonNode golden() throws IOException {
    return JSON.readTree(
        Files.readString(
            Path.of(System.getProperty("portico.root", ".."))
                .resolve("deploy/contracts/policies.json")));
  }

  private static Policies.Shared shared(String id, long version, String json) {
    StoredPolicy policy = StoredPolicy.given(id, json.getBytes(StandardCharsets.UTF_8));
    return new Policies.Shared(id, policy, version, Instant.EPOCH, "sub", 2);
  }

  @Test
  void writesPoliciesAsTheyAreAgreedUpon() throws IOException {
    var policies = new ArrayList<InternalPolicyController.Held>();
    policies.add(
        InternalPolicyController.Held.of(
            shared(
                "house",
                1009,
                """
                {"responseHeaders": {
                   "securityHeaders": {
                     "contentSecurityPolicy": {"value": "default-src 'self'"},
                     "contentTypeOptions": {},
                     "frameOptions": {"value": "DENY", "override": false},
                     "referrerPolicy": {"value": "same-origin"},
                     "strictTransportSecurity": {"maxAgeSeconds": 600, "includeSubdomains": true},
                     "xssProtection": {"reportUri": "https://example.com/xss"}},
                   "cors": {"allowCredentials": true, "allowHeaders": ["X-Key"],
                     "allowMethods": ["ALL"],
                     "allowOrigins": ["https://app.example.com", "*.example.org"],
                     "exposeHeaders": ["X-Total"], "maxAgeSeconds": 60, "originOverride": false},
                   "custom": [{"name": "X-Team", "value": "docs"},
                     {"name": "X-Empty", "override": false}],
                   "remove": ["X-Powered-By", "Server"],
                   "serverTiming": {"enabled": true, "samplingRate": 12.5}}}\
                """)));
    policies.add(
        InternalPolicyController.Held.of(
            shared(
                "lists",
                1004,
                """
                {"kind": "cache",
                 "cache": {"id": "lists", "minTtlSeconds": 5, "defaultTtlSeconds": 60,
                   "maxTtlSeconds": 3600, "unsafeMinTtl": true,
                   "headers": {"mode": "only", "names": ["Accept-Language"]},
                   "cookies": {"mode": "all-except", "names": ["session"]},
                   "query": {"mode": "only", "names": ["page", "sort"]}, "sortQuery": true,
                   "brotli": false, "errorTtlSeconds": {"503": 2, "404": 10},
                   "viewerDirectives": true}}\
                """)));
    policies.add(
        InternalPolicyController.Held.of(
            shared(
                "tenant",
                998,
                """
                {"originRequest": {
                   "headers": {"mode": "only", "names": ["X-Tenant", "Host"]},
                   "cookies": {"mode": "all-except", "names": ["ads"]},
                   "query": {"mode": "all"},
                   "viewerFacts": ["CloudFront-Viewer-Address", "cloudfront-is-mobile-viewer"]}}\
                """)));
    assertThat(
            JSON.readTree(
                SERDE.writeValueAsString(
                    new InternalPolicyController.HeldAll(List.copyOf(policies)))))
        .isEqualTo(golden());
  }
}
