package dev.portico.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.standins.process.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of settings say what the code says: each variable, with its default, and no other. */
class SettingsTest {
  private static final Pattern SETTING =
      Pattern.compile("\\$\\{(PORTICO_[A-Z0-9_]+):-?(`[^`]*`|[^}]*)}");
  private static final Pattern NAME = Pattern.compile("`(PORTICO_[A-Z0-9_]+)`");

  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service"})
  void everySettingIsInTheTableWithItsDefault(String service) throws IOException {
    var settings = settings(service);
    var rows = rows(service);
    assertThat(settings).isNotEmpty();
    assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(settings.keySet());
    settings.forEach(
        (name, value) ->
            assertThat(rows.get(name)).as("the row of %s in its table", name).contains(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auth-service", "content-service", "gateway-service"})
  void everySettingIsInThePageForOperators(String service) throws IOException {
    var page = Files.readString(Checkout.locate().root().resolve("docs/operations.md"));
    assertThat(settings(service).keySet())
        .isNotEmpty()
        .allSatisfy(name -> assertThat(page).contains('`' + name + '`'));
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

  /** The rows of the tables in docs/SERVICE.md whose first cell names settings, by name. */
  private static Map<String, String> rows(String service) throws IOException {
    var rows = new HashMap<String, String>();
    var page = Checkout.locate().root().resolve("docs").resolve(service + ".md");
    for (var line : Files.readAllLines(page)) {
      var cells = new ArrayList<String>();
      for (var cell : line.split("\\|", -1)) {
        cells.add(cell.strip());
      }
      // | name | default | meaning |
      if (line.startsWith("| `PORTICO_") && cells.size() >= 5) {
        var names = NAME.matcher(cells.get(1));
        while (names.find()) {
          rows.put(names.group(1), cells.get(2));
        }
      }
    }
    return rows;
  }
}
