package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Template;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The queries of deploy/aws/queries over the gateway's own lines, in files as Firehose writes them,
 * run by DuckDB. Athena gets the same texts.
 */
class QueriesTest {
  private static final Path QUERIES = Deployment.module().resolve("queries");
  // Not at the edge of seven days, so that midnight passes without harm.
  private static LocalDate later = LocalDate.EPOCH;
  private static LocalDate earlier = LocalDate.EPOCH;

  @TempDir private static Path folder;
  private static Connection database;

  @BeforeAll
  static void fill() throws IOException, SQLException {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    later = today.minusDays(1);
    earlier = today.minusDays(2);
    List<String> lines = lines();
    assertThat(lines).hasSize(12);
    write(later, "one", lines.subList(0, 4));
    write(later, "two", lines.subList(4, 6));
    write(earlier, "one", lines.subList(6, 12));
    write(today.minusDays(30), "old", lines);
    // As a task that was killed may leave it.
    write(earlier, "two", List.of("{\"time\":\"2026-11-29T11:59:59.000Z\",\"reque"));
    database = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = database.createStatement()) {
      statement.execute("SET VARIABLE files = '" + folder + "/day=*/*.gz'");
      statement.execute(Files.readString(QUERIES.resolve("local.sql")));
    }
  }

  @AfterAll
  static void close() throws SQLException {
    database.close();
  }

  private static List<String> lines() throws IOException {
    return Files.readAllLines(
        Deployment.module().resolveSibling("contracts").resolve("access-log.jsonl"));
  }

  private static void write(LocalDate day, String name, List<String> lines) throws IOException {
    Path file = folder.resolve("day=" + day).resolve(name + ".gz");
    Files.createDirectories(file.getParent());
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> ask(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = database.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(found.getObject(i)));
        }
        rows.add(String.join(" | ", row));
      }
    }
    return rows;
  }

  private static List<String> query(String name) throws IOException, SQLException {
    return ask(Files.readString(QUERIES.resolve(name + ".sql")));
  }

  @Test
  void topPaths() throws IOException, SQLException {
    assertThat(query("top-paths"))
        .containsExactly(
            "docs.example.site | / | 3 | 2000",
            "shop.example.site | /api/cart | 3 | 700",
            "api.example.com | /v1/sites | 1 | 4000",
            "docs.example.site | /manual.pdf | 1 | 500000",
            "other.example.org | / | 1 | 0",
            "shop.example.site | /api/price | 1 | 200",
            "shop.example.site | /film.mp4 | 1 | 70000",
            "shop.example.site | /nothing | 1 | 500");
  }

  @Test
  void errorsByBehaviour() throws IOException, SQLException {
    assertThat(query("errors-by-behaviour"))
        .containsExactly(
            "shop | /api/* | origin-unreachable | 502 | 2",
            "shop | /api/* | origin-timeout | 504 | 1");
  }

  @Test
  void bandwidthBySite() throws IOException, SQLException {
    assertThat(query("bandwidth-by-site"))
        .containsExactly(
            later + " | docs | 502000 | 0 | 4",
            later + " | shop | 500 | 2000 | 2",
            earlier + " | shop | 70900 | 0 | 4",
            earlier + " | - | 4000 | 0 | 2");
  }

  @Test
  void hitRatioByHour() throws IOException, SQLException {
    assertThat(query("hit-ratio-by-hour"))
        .as("nothing that a cache could have answered; one of two; two of three")
        .containsExactly(
            "2026-11-29T12 | 1 | null", "2026-11-29T11 | 7 | 50.0", "2026-11-29T10 | 4 | 66.7");
  }

  /** A field that the gateway gets and a table lacks would be found in no query. */
  @Test
  void bothTablesHaveTheFieldsOfTheLines() throws IOException, SQLException {
    Map<String, String> fields = new TreeMap<>();
    for (String line : lines()) {
      Map<String, Object> values = new Yaml().load(line);
      values.forEach((name, value) -> fields.put(name.toLowerCase(Locale.ROOT), type(value)));
    }
    Map<String, String> athena = new TreeMap<>();
    Deployment.small()
        .data()
        .one("AWS::Glue::Table", "AccessLogTable")
        .list("TableInput.StorageDescriptor.Columns")
        .forEach(
            column ->
                athena.put(
                    String.valueOf(Template.find(column, "Name")),
                    String.valueOf(Template.find(column, "Type"))));
    assertThat(athena).isEqualTo(fields);
    Map<String, String> local = new TreeMap<>();
    for (String column : ask("SELECT column_name, column_type FROM (DESCRIBE access_log)")) {
      String[] parts = column.split(" \\| ", -1);
      local.put(
          parts[0].toLowerCase(Locale.ROOT),
          parts[1].toLowerCase(Locale.ROOT).replace("varchar", "string"));
    }
    assertThat(local.remove("day")).isEqualTo("string");
    assertThat(local).isEqualTo(fields);
  }

  private static String type(Object value) {
    return switch (value) {
      case Boolean flag -> "boolean";
      case Number number -> "bigint";
      default -> "string";
    };
  }

  /** What Athena and DuckDB write in different ways is in local.sql alone. */
  @Test
  void queriesNameNoFilesAndNoDatabase() throws IOException {
    for (String name :
        List.of("top-paths", "errors-by-behaviour", "bandwidth-by-site", "hit-ratio-by-hour")) {
      assertThat(Files.readString(QUERIES.resolve(name + ".sql")))
          .contains("\nFROM access_log\n", "\nWHERE day >= ")
          .doesNotContain("read_json", "s3://", "date_trunc", "strftime", "date_format", "::");
    }
  }
}
