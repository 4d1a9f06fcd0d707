package dev.portico.content.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.error.FieldError;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/settings.md tells of every field, in a row of its own, and of no other. */
class SettingsPageTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z][A-Za-z0-9.\\[\\]]+)` \\|");

  private final String page = page();

  private static String page() {
    Path root = Path.of(System.getProperty("portico.root", ".."));
    try {
      return Files.readString(root.resolve("docs/settings.md"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The paths of all fields, such as {@code origins[].breaker.failures}. */
  private static Set<String> fields() {
    var fields = new TreeSet<String>();
    collect("", SettingsDocument.class, fields);
    return fields;
  }

  private static void collect(String path, Class<?> type, Set<String> fields) {
    for (RecordComponent component : type.getRecordComponents()) {
      String field = path.isEmpty() ? component.getName() : path + '.' + component.getName();
      Type generic = component.getGenericType();
      boolean list = component.getType().equals(List.class);
      Type element =
          list ? ((ParameterizedType) generic).getActualTypeArguments()[0] : component.getType();
      fields.add(field);
      if (element instanceof Class<?> inner && inner.isRecord()) {
        collect(list ? field + "[]" : field, inner, fields);
      }
    }
  }

  @Test
  void everyFieldHasItsRow() {
    TreeSet<String> rows =
        ROW.matcher(page)
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rows).isEqualTo(fields());
  }

  @Test
  void everyManagedPolicyIsNamed() {
    for (ManagedIndex.Managed<CachePolicy> managed : ManagedPolicies.all()) {
      assertThat(page).contains("`" + managed.name() + "`", "`" + managed.policy().id() + "`");
    }
    for (ManagedIndex.Managed<OriginRequestPolicy> managed : ManagedOriginRequestPolicies.all()) {
      assertThat(page).contains("`" + managed.name() + "`", "`" + managed.policy().id() + "`");
    }
    for (ManagedIndex.Managed<ResponseHeadersPolicy> managed : ManagedResponsePolicies.all()) {
      assertThat(page).contains("`" + managed.name() + "`", "`" + managed.policy().id() + "`");
    }
  }

  @Test
  void everyRefusedHeaderIsNamed() {
    for (String name : HeaderRules.refused()) {
      assertThat(page.toLowerCase(Locale.ROOT)).contains("`" + name + "`");
    }
    for (String name : ResponseHeaderRules.fixed()) {
      assertThat(page.toLowerCase(Locale.ROOT)).contains("`" + name + "`");
    }
  }

  @Test
  void everyFactAboutViewersIsNamed() {
    for (String name : ViewerFacts.KNOWN) {
      assertThat(page).contains("`" + name + "`");
    }
  }

  private SettingsFile file(int number) {
    String yaml = page.split("```yaml", -1)[number].split("```", -1)[0];
    var faults = new ArrayList<FieldError>();
    SettingsFile file =
        SettingsFile.parse(
            yaml.getBytes(StandardCharsets.UTF_8),
            new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE),
            DeploymentSettings.ALL,
            faults);
    assertThat(faults).isEmpty();
    return file;
  }

  @Test
  void itsFilesAreAccepted() {
    String owned = String.join(", ", file(1).keys(SettingsContext.PRODUCTION));
    assertThat(page).contains("Portico-Settings-File: " + owned);
    assertThat(file(2).keys(SettingsContext.alias("staging"))).contains("origins");
    assertThat(page).contains("At most " + Limits.CONTEXT_ALIASES + " aliases");
  }

  @Test
  void itsExampleIsAccepted() {
    String example = page.substring(page.indexOf("```json") + 7);
    String json = example.substring(0, example.indexOf("```"));
    StoredSettings accepted =
        StoredSettings.none(true)
            .replacedBy(
                json.getBytes(StandardCharsets.UTF_8),
                new SettingsEnvironment(new OriginsSettings(List.of()), SharedPolicies.NONE));
    assertThat(accepted.shown().behaviours()).isNotEmpty();
  }
}
