package dev.portico.content.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The policies of CloudFront that settings can name. */
class ManagedPoliciesIT {
  @Test
  void areListedWithTheirNamesAndContentsToWhoeverIsSignedIn() {
    try (var server = ContentServer.start(Map.of())) {
      var answer = server.call("GET", "/v1/managed-policies", server.person(), null);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      JsonNode items = answer.json().path("items");
      var kinds = new HashSet<String>();
      items.forEach(each -> kinds.add(each.at("/policy/kind").asText()));
      assertThat(kinds).containsExactlyInAnyOrder("cache", "originRequest", "responseHeaders");
      assertThat(items.findValuesAsText("name"))
          .contains("CachingOptimized", "AllViewer", "SimpleCORS")
          .doesNotHaveDuplicates();
      JsonNode optimized = items.get(0);
      assertThat(optimized.path("id").asText()).isEqualTo("658327ea-f89d-4fab-a63d-7e88639e58f6");
      assertThat(optimized.at("/policy/cache/defaultTtlSeconds").asLong()).isEqualTo(86_400);
      assertThat(optimized.path("policy").has("responseHeaders")).isFalse();
      assertThat(server.call("GET", "/v1/managed-policies", null, null).status()).isEqualTo(401);
    }
  }
}
