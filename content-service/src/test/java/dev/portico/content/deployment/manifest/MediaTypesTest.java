package dev.portico.content.deployment.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /index.html,                 text/html; charset=utf-8
          /INDEX.HTM,                  text/html; charset=utf-8
          /a.css,                      text/css; charset=utf-8
          /a.js,                       text/javascript; charset=utf-8
          /a.mjs,                      text/javascript; charset=utf-8
          /a.js.map,                   application/json
          /data.json,                  application/json
          /site.webmanifest,           application/manifest+json
          /a.svg,                      image/svg+xml
          /feed.xml,                   application/xml
          /feed.rss,                   application/rss+xml
          /feed.atom,                  application/atom+xml
          /a.txt,                      text/plain; charset=utf-8
          /a.md,                       text/markdown; charset=utf-8
          /a.csv,                      text/csv; charset=utf-8
          /a.wasm,                     application/wasm
          /a.woff2,                    font/woff2
          /a.avif,                     image/avif
          /a.webp,                     image/webp
          /favicon.ico,                image/x-icon
          /a.mp4,                      video/mp4
          /a.webm,                     video/webm
          /a.mp3,                      audio/mpeg
          /a.vtt,                      text/vtt; charset=utf-8
          /a.pdf,                      application/pdf
          /a.zip,                      application/zip
          /LICENSE,                    text/plain; charset=utf-8
          /_redirects,                 text/plain; charset=utf-8
          /noextension,                application/octet-stream
          /dir.html/noextension,       application/octet-stream
          /a.unheardof,                application/octet-stream
          /a.,                         application/octet-stream
          """)
  void knowsTypesByName(String path, String type) {
    assertThat(MediaTypes.ofPath(path)).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Text/HTML                              | text/html; charset=utf-8
          text/html;charset=UTF-8                | text/html; charset=utf-8
          text/html ; Charset=ISO-8859-1         | text/html; charset=iso-8859-1
          application/ld+json;profile="a b"      | application/ld+json; profile="a b"
          video/mp4; codecs=avc1                 | video/mp4; codecs=avc1
          """)
  void acceptsATypeInOneForm(String given, String canonical) {
    assertThat(MediaTypes.canonical(given)).hasValue(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "text/",
        "/html",
        "text/html;",
        "text/html; charset",
        "text/html\r\nX: y",
        "text/html; a=\"b\nc\"",
        "text/html; a=\"b",
        "te xt/html",
        "text/html,text/css"
      })
  void refusesWhatIsNoType(String given) {
    assertThat(MediaTypes.canonical(given)).isEmpty();
  }
}
