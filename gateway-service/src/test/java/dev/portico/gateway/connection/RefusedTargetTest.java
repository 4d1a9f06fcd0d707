package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a refused request gets into the log. */
class RefusedTargetTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "/odd/p1%22%0a%5c,/odd/p1%22%0a%5c",
        "/a?token=secret,/a",
        "/a#part,/a",
        "/a@b://c,/a@b://c",
        "example.org:443,example.org:443",
        "me:secret@example.org:443,example.org:443",
        "http://other/x?y,http://other/x",
        "http://me:secret@other/x,http://other/x",
        "http://me:secret@other,http://other",
        "http://other/x@y,http://other/x@y",
        "?http://me@other,``",
      })
  void aPathAsItCame(String target, String path) {
    assertThat(RefusedTarget.path(target)).isEqualTo(path);
  }

  @Test
  void noMoreThanTheLogHas() {
    assertThat(RefusedTarget.path("/" + "a".repeat(9_000))).hasSize(RefusedTarget.MAX_TEXT);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "GET /a HTTP/1.1,GET,/a",
        "GET /a b HTTP/1.1,GET,/a b",
        "GET /cut off,GET,/cut off",
        "SSH-2.0-Go,-,``",
        "` x`,-,``",
        "user=ann&password=secret,-,``",
        "`{\"username\": \"ann\", \"password\": \"/secret\"}`,-,``",
        "Authorization: Bearer secret,-,``",
        "Cookie: /secret HTTP/1.1,-,``",
        "OPTIONS * HTTP/9,-,``",
      })
  void theLineOfARequestThatCannotBeRead(String line, String method, String target) {
    assertThat(RefusedTarget.method(line)).isEqualTo(method);
    assertThat(RefusedTarget.target(line)).isEqualTo(target);
  }
}
