package dev.portico.gateway.site;

import static dev.portico.gateway.site.Contracts.golden;
import static dev.portico.gateway.site.Contracts.text;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.exchange.NettyHeaderFields;
import dev.portico.gateway.routing.Conventions;
import dev.portico.gateway.routing.SiteFile;
import dev.portico.gateway.routing.rules.FieldEdits;
import dev.portico.gateway.routing.rules.RedirectRequest;
import dev.portico.gateway.routing.rules.RuleAnswer;
import dev.portico.gateway.routing.rules.RuleOutcome;
import dev.portico.gateway.routing.rules.SiteRules;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of a deployment and their rules, with the example in deploy/contracts. */
class ManifestJsonTest {
  @Test
  void readsAManifest() throws IOException {
    try (InputStream in = golden("manifest.json")) {
      DeploymentFiles files = ContractJson.manifest(in);
      assertThat(files.deployment()).isEqualTo("mfrggzdfmztwq2lknnwg");
      assertThat(files.sealedAt()).isEqualTo(Instant.parse("2026-11-01T10:15:30Z"));
      assertThat(files.count()).isEqualTo(2);
      SiteFile script = requireNonNull(files.find("/assets/index-BfT3x9aQ.js"));
      assertThat(script.size()).isEqualTo(48211);
      assertThat(script.type()).isEqualTo("text/javascript; charset=utf-8");
      assertThat(script.digest().hex())
          .isEqualTo("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    }
  }

  @Test
  void readsTheRulesOfAManifest() throws IOException {
    try (InputStream in = golden("manifest.json")) {
      SiteRules rules = ContractJson.manifest(in).rules();
      RuleAnswer moved =
          rules
              .redirects()
              .find(
                  request("www.example.com", "/old/2020/a/b", "id=7", "de", "beta=1"),
                  true,
                  Conventions.PORTICO);
      assertThat(moved)
          .isEqualTo(
              new RuleAnswer(
                  new RuleOutcome.Redirect(302, "/new/2020/a/b?id=7"), 1, true, true, false));
      RedirectRequest blog = request("blog.example.com", "/x", null, "", "");
      assertThat(rules.redirects().find(blog, false, Conventions.PORTICO))
          .isEqualTo(
              new RuleAnswer(
                  new RuleOutcome.Redirect(301, "https://www.example.com/blog/x"),
                  3,
                  false,
                  false,
                  false));
      assertThat(rules.redirects().find(blog, false, Conventions.CLOUDFLARE_PAGES).outcome())
          .as("it says no status")
          .isEqualTo(new RuleOutcome.Redirect(302, "https://www.example.com/blog/x"));
      assertThat(
              rules
                  .redirects()
                  .find(request("a.example", "/gone", null, "", ""), false, Conventions.PORTICO)
                  .outcome())
          .isEqualTo(new RuleOutcome.Absent(410, null));
      RedirectRequest desk = request("a.example", "/desk", null, "", "");
      assertThat(
              rules.redirects().find(desk.with(Set.of("b")), false, Conventions.PORTICO).outcome())
          .isEqualTo(new RuleOutcome.Rewrite("/staff.html"));
      assertThat(
              rules.redirects().find(desk.with(Set.of("c")), false, Conventions.PORTICO).outcome())
          .isNull();
      RedirectRequest draft = request("a.example", "/draft", null, "", "");
      assertThat(rules.redirects().find(draft, false, Conventions.PORTICO).line()).isEqualTo(7);
      assertThat(rules.headers().edits("a.example", "/assets/x.js").edits())
          .containsExactly(
              new FieldEdits.Edit("Cache-Control", "public, max-age=31536000, immutable"),
              new FieldEdits.Edit("X-Frame-Options", null));
      assertThat(rules.headers().edits("docs.example.com", "/intro").edits())
          .containsExactly(new FieldEdits.Edit("X-Page", "intro"));
    }
  }

  private static RedirectRequest request(
      String host, String path, @Nullable String query, String language, String cookie) {
    DefaultHttpHeaders headers = new DefaultHttpHeaders();
    headers.set("accept-language", language);
    headers.set("cookie", cookie);
    return new RedirectRequest(
        "https", host, host, path, query, new NettyHeaderFields(headers), Set.of("preview"), null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"version\": 1, \"deployment\": \"a\", \"files\": []}",
        "{\"version\": 2, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\"}",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"today\", \"files\": []}",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\", \"files\":"
            + " [{\"path\": \"/a\", \"sha256\": \"zz\", \"size\": 1, \"type\": \"t\"}]}",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\", \"files\":"
            + " [",
        "{\"version\": 1, \"deployment\": \"a\", \"sealedAt\": \"2026-01-01T00:00:00Z\", \"files\":"
            + " [{\"path\": \"/a\"}]}"
      })
  void refusesAManifestThatIsNotWhole(String json) {
    assertThatThrownBy(() -> ContractJson.manifest(text(json))).isInstanceOf(IOException.class);
  }
}
