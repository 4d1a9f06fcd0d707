package dev.portico.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers may take a path for. */
class SimplePathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /, false",
    "/a/b, /a/b, false",
    "/a/b/, /a/b/, false",
    "//a//b, /a/b, true",
    "/a//, /a/, true",
    "/x/../a, /a, true",
    "/x/..;/a, /a, true",
    "/../../a, /a, true",
    "/a;b=c/d;e, /a/d, true",
    "/;/a, /a, true",
    "/./a/., /a/, true",
    "/a/.., /, true",
    "/.well-known/x, /.well-known/x, true"
  })
  void whoDoesAllOfIt(String path, String simple, boolean mayDiffer) {
    assertThat(SimplePath.of(path)).first().isEqualTo(simple);
    assertThat(SimplePath.mayDiffer(path)).isEqualTo(mayDiffer);
    if (!mayDiffer) {
      assertThat(SimplePath.of(path)).containsExactly(path);
    }
  }

  /** Some resolve dot segments and leave parameters alone, some the other way round. */
  @ParameterizedTest
  @CsvSource({
    "/open/../staff/..;/open/a, /staff/..;/open/a",
    "/open/../staff/..;/open/a, /open/a",
    "/open/../staff/..;/open/a, /open/../staff/../open/a",
    "//staff/../open/a, /staff/../open/a",
    "/a;b//c, /a//c",
    "/a;b//c, /a;b/c",
    "/a;b//c, /a;b//c"
  })
  void whoDoesSomeOfIt(String path, String reading) {
    assertThat(SimplePath.of(path)).contains(reading);
  }
}
