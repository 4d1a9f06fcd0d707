package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImmutableNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        // Vite, Rollup
        "/assets/index-BfT3x9aQ.js",
        "/assets/index-BK2xOHXK.js",
        "/assets/index-DiwrgTda.css",
        "/assets/logo-B_c9ZQ-x.svg",
        "/app/assets/vendor-C1kX2yzA.js.map",
        "/static/index-BfT3x9aQ.js",
        // webpack, CRA, Parcel
        "/main.3f2a9c1b.js",
        "/static/js/main.3f2a9c1b.js",
        "/static/js/2.3f2a9c1b.chunk.js",
        "/static/css/main.e6c13ad2.css",
        "/static/media/logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg",
        "/runtime.0a1b2c3d4e5f6a7b8c9d.bundle.js",
        "/index.1f0d3c2e.css",
        // Next
        "/_next/static/chunks/main-app-4f1c9b3a7e2d8c60.js",
        "/_next/static/chunks/0e5ce63c-9a8b7c6d5e4f3a2b.js",
        "/_next/static/media/e4af272ccee01ff0-s.p.woff2",
        "/_next/static/css/3a1b2c4d5e6f7a8b.css",
        // Angular, esbuild
        "/main-ABCDEFGH.js",
        "/polyfills-FFHMD2TL.js",
        "/styles-5INURTSO.css",
        "/chunk-2KVLOXZ7.js",
        "/out/app-4XKQ7SDN.js",
        // Astro, Nuxt, SvelteKit
        "/_astro/hoisted.BfT3x9aQ.js",
        "/_astro/logo.C1kX2yzA_Z2b3Kd.webp",
        "/_nuxt/BfT3x9aQ.js",
        "/_nuxt/entry.D4x8Kq1z.css",
        "/_app/immutable/entry/start.js",
        "/_app/immutable/chunks/x.css",
      })
  void aBuildersHashIsOne(String path) {
    assertThat(ImmutableNames.matches(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/index.html",
        "/",
        "/jquery-3.7.1.js",
        "/jquery-3.7.1.min.js",
        "/jquery-1-12-4.js",
        "/index-february.html",
        "/assets/index-BfT3x9aQ.html",
        "/photo-february.jpg",
        "/photo-20260115.jpg",
        "/assets/photo-20260115.jpg",
        "/decade-decade2020.png",
        "/assets/log-10-12-24.png",
        "/a-1-2-3-4b.js",
        "/assets/book-Chapter1.png",
        "/assets/page-v2Header.js",
        "/assets/model-UserAPI2.js",
        "/assets/clip-H264Clip.mp4",
        "/assets/icon-iPhone15.png",
        "/lib-Release1.js",
        "/lib-MyModule.js",
        "/logo-VERSION2.png",
        "/logo-FEBRUARY.png",
        "/readme-ORIGINAL.js",
        "/main-FEBRUARY.png",
        "/sw.js",
        "/service-worker.js",
        "/manifest.json",
        "/_app/version.json",
        "/_next/static/x.js",
        "/_nuxt/builds/latest.json",
        "/_nuxt/settings.js",
        "/_astro/component.css",
        "/bundle.js",
        "/main.js",
        "/styles.css",
        "/feed.3f2a9c1b.xml",
        "/data.3f2a9c1b.json",
        "/report-3f2a9c1b.pdf",
        "/.3f2a9c1b.js",
        "/3f2a9c1b",
        "/assets/",
        "/avatars/d41d8cd98f00b204e9800998ecf8427e.png",
      })
  void anythingElseIsNot(String path) {
    assertThat(ImmutableNames.matches(path)).isFalse();
  }
}
