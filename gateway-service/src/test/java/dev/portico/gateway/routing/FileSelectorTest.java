package dev.portico.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileSelectorTest {
  private static final BlobDigest DIGEST = new BlobDigest(1, 2, 3, 4);

  private final Folder site =
      new Folder(
          "/index.html",
          "/404.html",
          "/guide/index.html",
          "/guide/intro.html",
          "/de/404.html",
          "/de/handbuch/index.html",
          "/both",
          "/both/index.html",
          "/a b/ü/index.html",
          "/_headers",
          "/_redirects",
          "/portico.yml",
          "/sub/_headers",
          "//evil.example/index.html");

  /** A plain set of paths. */
  private static final class Folder implements SiteFiles {
    private final Set<String> paths = new HashSet<>();

    Folder(String... paths) {
      this.paths.addAll(Set.of(paths));
    }

    @Override
    public @Nullable SiteFile find(String path) {
      return paths.contains(path) ? new SiteFile(path, DIGEST, 1, "text/html") : null;
    }

    @Override
    public @Nullable SiteFile nearestErrorPage(String path) {
      for (int slash = path.lastIndexOf('/');
          slash >= 0;
          slash = path.lastIndexOf('/', slash - 1)) {
        SiteFile page = find(path.substring(0, slash + 1) + "404.html");
        if (page != null) {
          return page;
        }
      }
      return null;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, /index.html",
    "/index.html, /index.html",
    "/guide/, /guide/index.html",
    "/guide/intro.html, /guide/intro.html",
    "/both, /both",
    "/both/, /both/index.html",
    "/404.html, /404.html",
    "/sub/_headers, /sub/_headers"
  })
  void aPathIsAFileOrTheIndexOfAFolder(String path, String file) {
    assertThat(FileSelector.select(site, FileHandling.DEFAULT, path, null))
        .isEqualTo(new FileSelection.Serve(new SiteFile(file, DIGEST, 1, "text/html")));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "/guide, none, /guide/",
        "/guide, '', /guide/?",
        "/guide, a=b&c=%20d, /guide/?a=b&c=%20d",
        "/a b/ü, none, /a%20b/%C3%BC/"
      })
  void aFolderWithoutItsSlashIsRedirectedWithItsQuery(
      String path, @Nullable String query, String location) {
    assertThat(FileSelector.select(site, FileHandling.DEFAULT, path, query))
        .isEqualTo(new FileSelection.Redirect(location));
  }

  @Test
  void aQueryCannotBreakTheLocationHeader() {
    FileSelection selection =
        FileSelector.select(site, FileHandling.DEFAULT, "/guide", "a\r\nSet-Cookie: b=c ü");
    assertThat(selection)
        .isEqualTo(new FileSelection.Redirect("/guide/?a%0D%0ASet-Cookie:%20b=c%20%C3%BC"));
  }

  @Test
  void noRedirectNamesAnotherHost() {
    assertThat(FileSelector.select(site, FileHandling.DEFAULT, "//evil.example", null))
        .isInstanceOf(FileSelection.Missing.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/_headers", "/_redirects", "/portico.yml"})
  void controlFilesAreShownToNobody(String path) {
    assertThat(FileSelector.select(site, FileHandling.DEFAULT, path, null))
        .isInstanceOf(FileSelection.Missing.class);
  }

  @ParameterizedTest
  @CsvSource({
    "/nothing, /404.html",
    "/guide/nothing/here, /404.html",
    "/de/nichts, /de/404.html",
    "/de/handbuch/nichts, /de/404.html",
    "/de/nichts/, /de/404.html",
    "/de, /404.html"
  })
  void theNearestErrorPageAnswers(String path, String page) {
    assertThat(FileSelector.select(site, FileHandling.DEFAULT, path, null))
        .isEqualTo(new FileSelection.Missing(new SiteFile(page, DIGEST, 1, "text/html")));
  }

  @Test
  void withoutAnErrorPageThereIsNone() {
    assertThat(FileSelector.select(new Folder("/index.html"), FileHandling.DEFAULT, "/x", null))
        .isEqualTo(new FileSelection.Missing(null));
  }

  /** The matrix of docs/serving.md. */
  @ParameterizedTest
  @CsvSource({
    "/, /index.html, /index.html",
    "/index.html, /index.html, 301 /",
    "/page, none, /page.html",
    "/page.html, /page.html, 301 /page",
    "/page/, none, 301 /page",
    "/folder, 301 /folder/, 301 /folder/",
    "/folder/, /folder/index.html, /folder/index.html",
    "/folder/index.html, /folder/index.html, 301 /folder/",
    "/index, none, 301 /",
    "/index/, none, 301 /",
    "/folder/index, none, 301 /folder/",
    "/folder/index/, none, 301 /folder/",
    "/named/index, /named/index, /named/index",
    "/named/index/, none, none",
    "/named/index.html, /named/index.html, 301 /named/",
    "/deep/index, 301 /deep/index/, 301 /deep/index/",
    "/deep/index/, /deep/index/index.html, /deep/index/index.html",
    "/page/index, none, none",
    "//index, none, //index.html",
    "/two, 301 /two/, /two.html",
    "/two/, /two/index.html, /two/index.html",
    "/two.html, /two.html, 301 /two",
    "/own, /own, /own",
    "/own.html, /own.html, /own.html",
    "/own/, none, none",
    "/404.html, /404.html, /404.html",
    "/404, none, /404.html",
    "/style.css, /style.css, /style.css",
    "/style.css/, none, none",
    "/.html, none, none",
    "//page/, none, none",
    "//page.html, none, none",
    "/_headers, none, none"
  })
  void pagesAreWhereTheSiteWantsThem(String path, String plain, String pretty) {
    Folder pages =
        new Folder(
            "/index.html",
            "/page.html",
            "/folder/index.html",
            "/named/index",
            "/named/index.html",
            "/deep/index/index.html",
            "//index.html",
            "/two.html",
            "/two/index.html",
            "/own",
            "/own.html",
            "/404.html",
            "/style.css",
            "/_headers");
    FileHandling on = new FileHandling(true, FileHandling.NotFound.PAGE);
    assertThat(said(FileSelector.select(pages, FileHandling.DEFAULT, path, null))).isEqualTo(plain);
    assertThat(said(FileSelector.select(pages, on, path, null))).isEqualTo(pretty);
  }

  private static String said(FileSelection selection) {
    return switch (selection) {
      case FileSelection.Serve serve -> serve.file().path();
      case FileSelection.Redirect redirect -> "301 " + redirect.location();
      case FileSelection.Missing ignored -> "none";
    };
  }

  @Test
  void aPrettierPathKeepsTheQuery() {
    FileHandling on = new FileHandling(true, FileHandling.NotFound.PAGE);
    assertThat(FileSelector.select(new Folder("/a b.html"), on, "/a b.html", "x=1"))
        .isEqualTo(new FileSelection.Redirect("/a%20b?x=1"));
  }

  @ParameterizedTest
  @CsvSource({
    "/app/deep/link, true",
    "/a.b/deep, true",
    "/app/script.js, false",
    "/_redirects, false"
  })
  void anApplicationAnswersForPathsThatLookLikePages(String path, boolean answers) {
    FileHandling spa = new FileHandling(false, FileHandling.NotFound.SPA);
    assertThat(FileSelector.application(site, spa, path) != null).isEqualTo(answers);
    assertThat(FileSelector.application(site, FileHandling.DEFAULT, path)).isNull();
  }

  /** As Cloudflare Pages has it: a deployment without a page for errors is an application. */
  @Test
  void anApplicationAnswersWhereThereIsNoErrorPage() {
    FileHandling either = new FileHandling(false, FileHandling.NotFound.PAGE_OR_SPA);
    Folder app = new Folder("/index.html", "/docs/404.html", "/docs/index.html", "/_headers");
    for (String path : List.of("/any/where", "/script.js", "/doc")) {
      assertThat(FileSelector.application(app, either, path))
          .as(path)
          .isEqualTo(app.find("/index.html"));
    }
    assertThat(FileSelector.application(app, either, "/docs/none")).isNull();
    assertThat(FileSelector.select(app, either, "/docs/none", null))
        .isEqualTo(new FileSelection.Missing(app.find("/docs/404.html")));
    assertThat(FileSelector.application(app, either, "/_headers")).isNull();
    Folder site404 = new Folder("/index.html", "/404.html");
    assertThat(FileSelector.application(site404, either, "/any")).isNull();
    assertThat(FileSelector.application(new Folder("/a.html"), either, "/any")).isNull();
  }

  @Test
  void aSiteCanDoWithoutItsErrorPages() {
    FileHandling plain = new FileHandling(false, FileHandling.NotFound.PLAIN);
    assertThat(FileSelector.select(site, plain, "/nothing", null))
        .isEqualTo(new FileSelection.Missing(null));
  }
}
