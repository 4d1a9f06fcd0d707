package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tables of settings say what the code says: each variable, with its default and what it means,
 * and no other.
 */
class SettingsTest {
  private static final Pattern SETTING =
      Pattern.compile("\\$\\{(PORTICO_[A-Z0-9_]+):-?(`[^`]*`|[^}]*)}");
  private static final Pattern NAME = Pattern.compile("`(PORTICO_[A-Z0-9_]+)`");

  /** What tables say in place of a default where there is none. */
  private static final Set<String> NO_DEFAULT =
      Set.of(
          "",
          "–",
          "none",
          "required",
          "AWS",
          "the system's",
          "from the domain",
          "issuer + /.well-known/jwks.json",
          "the client id above");

  /** What a table says of one setting, in its row: {@code | names | defaults | meaning |}. */
  private record Row(String byDefault, String meaning) {
    /** Whether the default is that one; there may be words beside it that explain it. */
    boolean says(String value) {
      return value.isEmpty()
          ? NO_DEFAULT.contains(byDefault)
          : List.of(byDefault.split("[ ,()]+", -1)).contains(value);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service"})
  void everySettingIsInTheTableWithItsDefault(String service) throws IOException {
    var settings = settings(service);
    var rows = rows("", page(service));
    assertThat(settings).isNotEmpty();
    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(settings.keySet());
    say(rows, settings);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service"})
  void everySettingIsInThePageForOperatorsWithItsDefault(String service) throws IOException {
    var settings = settings(service);
    var own = rows("### " + service, page("operations"));
    assertThat(own).isNotEmpty();
    assertThat(settings.keySet()).containsAll(own.keySet());
    var rows = rows("### Of every service", page("operations"));
    rows.putAll(own);
    assertThat(rows.keySet()).containsAll(settings.keySet());
    rows.keySet().retainAll(settings.keySet());
    say(rows, settings);
  }

  private static void say(Map<String, Row> rows, Map<String, String> settings) {
    assertThat(rows)
        .allSatisfy(
            (name, row) -> {
              var value = settings.getOrDefault(name, "");
              assertThat(row.says(value)).as("%s: %s says %s", name, row, value).isTrue();
              assertThat(row.meaning()).as("what %s means", name).isNotEmpty();
            });
  }

  /** What the service reads, with the defaults. */
  private static Map<String, String> settings(String service) throws IOException {
    var resources = Checkout.locate().root().resolve(service).resolve("src/main/resources");
    var settings = new HashMap<String, String>();
    for (var file : new String[] {"application.yml", "logback.xml"}) {
      var found = SETTING.matcher(Files.readString(resources.resolve(file)));
      while (found.find()) {
        settings.put(found.group(1), found.group(2).replace("`", ""));
      }
    }
    return settings;
  }

  private static Path page(String name) {
    return Checkout.locate().root().resolve("docs").resolve(name + ".md");
  }

  /**
   * The rows of the tables whose first cell names settings, by name.
   *
   * @param section the heading under which they are; empty for the whole page
   */
  private static Map<String, Row> rows(String section, Path page) throws IOException {
    var rows = new HashMap<String, Row>();
    boolean inside = section.isEmpty();
    for (var line : Files.readAllLines(page)) {
      if (!section.isEmpty() && line.startsWith("#")) {
        inside = line.equals(section);
      }
      var cells = new ArrayList<String>();
      for (var cell : line.split("\\|", -1)) {
        cells.add(cell.strip());
      }
      if (inside && line.startsWith("| `PORTICO_") && cells.size() >= 5) {
        var names = NAME.matcher(cells.get(1)).results().map(MatchResult::group).toList();
        var defaults = defaults(cells.get(2), names);
        for (int i = 0; i < names.size(); i++) {
          rows.put(names.get(i).replace("`", ""), new Row(defaults.get(i), cells.get(3)));
        }
      }
    }
    return rows;
  }

  /** One for each name in the same row, or the same for all. */
  private static List<String> defaults(String cell, List<String> names) {
    var plain = cell.replace("`", "");
    if (names.size() == 1) {
      return List.of(plain);
    }
    if (!plain.contains(",")) {
      return Collections.nCopies(names.size(), plain);
    }
    var each = new ArrayList<String>();
    for (var value : plain.split(",", -1)) {
      each.add(value.strip());
    }
    assertThat(each).as("defaults of %s", names).hasSameSizeAs(names);
    return each;
  }
}
