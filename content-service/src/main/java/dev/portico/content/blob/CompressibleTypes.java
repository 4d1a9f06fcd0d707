package dev.portico.content.blob;

import java.util.Locale;
import java.util.Set;

/**
 * Which media types are worth compressing: text, and what is text inside. The gateway has the same
 * list, since responses of these types vary by Accept-Encoding.
 */
final class CompressibleTypes {
  /** Those that no suffix tells. */
  static final Set<String> OTHERS =
      Set.of(
          "application/javascript",
          "application/x-javascript",
          "application/ecmascript",
          "application/json",
          "application/xml",
          "application/xml-dtd",
          "application/yaml",
          "application/toml",
          "application/sql",
          "application/graphql",
          "application/wasm",
          "application/rtf",
          "application/x-ndjson",
          "application/x-sh",
          "application/x-subrip",
          "application/n-triples",
          "application/vnd.ms-fontobject",
          "application/x-font-ttf",
          "font/ttf",
          "font/otf",
          "font/collection",
          "image/bmp",
          "image/x-icon",
          "image/vnd.microsoft.icon",
          "image/x-ms-bmp",
          "model/gltf-binary",
          "model/obj",
          "model/stl");

  private CompressibleTypes() {}

  static boolean contains(String mediaType) {
    int parameters = mediaType.indexOf(';');
    String type =
        (parameters < 0 ? mediaType : mediaType.substring(0, parameters))
            .strip()
            .toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.endsWith("+xml")
        || type.endsWith("+json")
        || type.endsWith("+text")
        || OTHERS.contains(type);
  }
}
