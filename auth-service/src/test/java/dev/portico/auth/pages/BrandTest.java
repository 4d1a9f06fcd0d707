package dev.portico.auth.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class BrandTest {
  @Test
  void whatIsMissingOrUnfitIsLeftOut() {
    var plain = Brand.of(null, "docs", null, null);
    assertThat(plain.title()).isEqualTo("docs");
    assertThat(plain.accent()).isEqualTo(Accent.DEFAULT);
    assertThat(plain.logo()).isNull();
    var unfit = Brand.of(" ", "docs", "red", "javascript:alert(1)");
    assertThat(unfit).isEqualTo(plain);
    assertThat(Brand.of("x".repeat(80), "docs", null, null).title()).hasSize(60);
  }

  @Test
  void onlyAPlainAddressIsALogo() {
    for (String address :
        new String[] {
          "data:image/png;base64,AA",
          "/logo.svg",
          "https://a b/",
          "https://u@evil.example/l.png",
          "https:///l.png",
          "https://x.example/;script-src *"
        }) {
      assertThat(Brand.of(null, "docs", null, address).logoOrigin())
          .as(address)
          .isIn(null, "https://x.example");
    }
  }

  @Test
  void thePolicyNamesTheLogosHostAndTheWayBackAlone() {
    var brand = Brand.of("Docs", "docs", "#0b5fff", "https://docs.example.com:8443/a;b/logo.svg");
    var visit =
        new Visit(Messages.in(Locale.ENGLISH), brand, "", "https://docs.example.com:8443", "token");
    assertThat(PagePolicy.of(visit, View.of("signed-out")))
        .isEqualTo(
            "default-src 'none'; style-src 'self'; img-src 'self' https://docs.example.com:8443;"
                + " form-action 'self' https://docs.example.com:8443; base-uri 'none';"
                + " frame-ancestors 'none'");
    assertThat(visit.toString()).doesNotContain("token");
  }
}
