package dev.portico.content.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portico.content.fixture.ContentServer;
import dev.portico.content.fixture.ContentServer.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages of all sites' snapshots, as a gateway reads them when it starts. */
class SnapshotPagesIT {
  private static final int SITES = 45;

  /** Position, mark and cursor. */
  private static final int REST = 1000;

  @Test
  void aPageIsBoundedInBytesAndNoSiteIsLost() {
    try (ContentServer server = ContentServer.start(Map.of())) {
      String owner = server.person("publishers");
      List<String> names = IntStream.range(0, SITES).mapToObj("large-%02d"::formatted).toList();
      String settings = settings();
      for (String name : names) {
        server.call("POST", "/v1/sites", owner, "{\"name\":\"" + name + "\"}");
        String path = "/v1/sites/" + name + "/settings";
        Answer put = server.call("PUT", path, owner, settings, "If-Match", "*");
        assertThat(put.status()).as(put.text()).isEqualTo(200);
      }
      List<Answer> pages = pages(server);
      assertThat(pages).hasSizeGreaterThan(1);
      var read = new ArrayList<String>();
      for (Answer page : pages) {
        assertThat(page.text().getBytes(StandardCharsets.UTF_8))
            .hasSizeLessThan(SiteSnapshots.PAGE_BYTES + REST);
        page.json().path("sites").forEach(site -> read.add(site.path("site").asText()));
      }
      assertThat(read).isEqualTo(names);
    }
  }

  private static List<Answer> pages(ContentServer server) {
    var pages = new ArrayList<Answer>();
    String query = "";
    while (pages.size() <= SITES) {
      Answer page =
          ContentServer.send(
              "GET",
              server.at("internal", "/internal/snapshots" + query),
              ContentServer.SECRET,
              null);
      assertThat(page.status()).as(page.text()).isEqualTo(200);
      pages.add(page);
      JsonNode next = page.json().path("next");
      if (next.isNull()) {
        return pages;
      }
      query = "?cursor=" + next.asText();
    }
    throw new AssertionError("pages without end");
  }

  /** Some 54 KB that a snapshot carries. */
  private static String settings() {
    String headers =
        IntStream.range(0, 10)
            .mapToObj(i -> "{\"name\":\"X-%d\",\"value\":\"%s\"}".formatted(i, "v".repeat(1783)))
            .collect(Collectors.joining(",", "[", "]"));
    String origins =
        IntStream.range(0, 3)
            .mapToObj(
                i -> "{\"id\":\"o%d\",\"host\":\"o.example\",\"headers\":%s}".formatted(i, headers))
            .collect(Collectors.joining(",", "[", "]"));
    String behaviours =
        IntStream.range(0, 3)
            .mapToObj(i -> "{\"pattern\":\"/%d/*\",\"origin\":\"o%d\"}".formatted(i, i))
            .collect(Collectors.joining(",", "[", "]"));
    return "{\"origins\":" + origins + ",\"behaviours\":" + behaviours + "}";
  }
}
