package dev.portico.gateway.cache.semantics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/caching.md promises a test for each requirement. */
class CachingPageTest {
  private static final Pattern TEST = Pattern.compile("`(\\w*[a-z0-9](?:Test|IT))?(?:#(\\w+))?`");
  private static final List<String> PACKAGES =
      List.of("cache.semantics.", "cache.key.", "compression.", "response.", "pipeline.");

  @Test
  void everyTestThatThePageNamesIsThere() throws IOException {
    Set<String> missing = new TreeSet<>();
    int named = 0;
    for (String line : Files.readAllLines(Path.of("../docs/caching.md"))) {
      String type = "";
      for (MatchResult match : TEST.matcher(line).results().toList()) {
        type = match.group(1) == null ? type : match.group(1);
        String method = match.group(2);
        named++;
        if (type.isEmpty() || !isThere(type, method)) {
          missing.add(type + "#" + method);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(named).isGreaterThan(80);
  }

  private static boolean isThere(String type, String method) {
    for (String name : PACKAGES) {
      try {
        Class<?> test = Class.forName("dev.portico.gateway." + name + type);
        List<Class<?>> all = new ArrayList<>(List.of(test));
        all.addAll(List.of(test.getDeclaredClasses()));
        return method == null
            || all.stream()
                .flatMap(declaring -> Arrays.stream(declaring.getDeclaredMethods()))
                .anyMatch(declared -> declared.getName().equals(method));
      } catch (ClassNotFoundException e) {
        // In another package, then.
      }
    }
    return false;
  }
}
