package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /, /",
    "/a/b, /a/b, /a/b",
    "/a/./b, /a/b, /a/b",
    "/a/../b, /b, /b",
    "/../../b, /b, /b",
    "/a/.., /, /",
    "/a/b/., /a/b/, /a/b/",
    "/a/b/.., /a/, /a/",
    "/a/%2e%2E/b, /b, /b",
    "/a/.%2e/b, /b, /b",
    "/a/%2E/b, /a/b, /a/b",
    "/a/.../b, /a/.../b, /a/.../b",
    "/.well-known/x, /.well-known/x, /.well-known/x",
    "/a//b, /a//b, /a//b",
    "//evil.example/.., //, //",
    "/caf%C3%A9, /caf%C3%A9, /café",
    "/a%20b, /a%20b, /a b",
    "/a%252Fb, /a%252Fb, /a%2Fb",
    "/a+b, /a+b, /a+b",
    "/a;b=1, /a;b=1, /a;b=1",
  })
  void removesDotSegmentsAndDecodesOnce(String path, String raw, String decoded) {
    assertThat(RequestPath.parse(path)).isEqualTo(new RequestPath(raw, decoded, false));
  }

  @Test
  void noticesEncodedSlashesAndLeavesThemAsTheyAre() {
    assertThat(RequestPath.parse("/a%2Fb")).isEqualTo(new RequestPath("/a%2Fb", "/a/b", true));
    assertThat(RequestPath.parse("/a%2f..%2Fb"))
        .isEqualTo(new RequestPath("/a%2f..%2Fb", "/a/../b", true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%00",
        "/a%0d%0a",
        "/a%7f",
        "/a%5cb",
        "/a\\b",
        "/%ff",
        "/%c3",
        "/%c0%af",
        "/%ed%a0%80",
        "/a b",
        "/a#b",
        "/\u00e9",
        "/a\u0001"
      })
  void refusesWhatHasNoSingleReading(String path) {
    assertThat(RequestPath.parse(path)).isNull();
  }
}
