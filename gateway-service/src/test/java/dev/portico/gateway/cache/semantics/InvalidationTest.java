package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9111, section 4.4. */
class InvalidationTest {
  private static Set<String> targets(String method, int status, String... fields) {
    return Invalidation.targets(
        method, "https", "example.com", "/a/b?c=d", status, FieldList.of(fields));
  }

  @Nested
  @DisplayName("MUST")
  class Must {
    @ParameterizedTest
    @DisplayName("4.4: the target of an unsafe or unknown method, when it succeeds")
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "FOO", "get"})
    void unsafeMethods(String method) {
      assertThat(targets(method, 200)).containsExactly("/a/b?c=d");
      assertThat(targets(method, 399)).containsExactly("/a/b?c=d");
      assertThat(targets(method, 400, "Location", "/x")).isEmpty();
      assertThat(targets(method, 500)).isEmpty();
      assertThat(targets(method, 103)).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("4.4: nothing after a safe method")
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "QUERY"})
    void safeMethods(String method) {
      assertThat(targets(method, 200, "Location", "/x")).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("4.4: nothing of another origin")
    @ValueSource(
        strings = {
          "https://other.example/x",
          "http://example.com/x",
          "https://example.com:444/x",
          "//other.example/x",
          "https://example.com.other/x",
          "https://user@other.example/x",
          "mailto:a@example.com",
          "https://example.com:x/",
          "ht tp://",
          "%",
          "https:///x",
          ""
        })
    void otherOrigins(String location) {
      assertThat(targets("POST", 201, "Location", location, "Content-Location", location))
          .isSubsetOf("/a/b?c=d", "/x")
          .contains("/a/b?c=d")
          .doesNotContain("/x");
    }
  }

  @Nested
  @DisplayName("MAY")
  class May {
    @ParameterizedTest
    @DisplayName("4.4: Location and Content-Location of the same origin")
    @CsvSource({
      "/x?y=z, /x?y=z",
      "x, /a/x",
      "../x, /x",
      "?y, /a/b?y",
      "https://example.com/x, /x",
      "https://EXAMPLE.com:443/x#frag, /x",
      "//example.com/x%20y, /x%20y",
      "https://example.com, /"
    })
    void sameOrigin(String reference, String target) {
      assertThat(targets("PUT", 201, "Location", reference))
          .containsExactlyInAnyOrder("/a/b?c=d", target);
      assertThat(targets("PUT", 201, "Content-Location", reference))
          .containsExactlyInAnyOrder("/a/b?c=d", target);
    }

    @Test
    @DisplayName("4.4: both")
    void both() {
      assertThat(targets("POST", 303, "Location", "/x", "Content-Location", "/y"))
          .containsExactlyInAnyOrder("/a/b?c=d", "/x", "/y");
    }
  }

  @Test
  void aTargetThatIsNoUriStillGoes() {
    assertThat(
            Invalidation.targets(
                "PUT", "http", "example.com", "/a|b", 204, FieldList.of("Location", "/x")))
        .containsExactly("/a|b");
  }
}
