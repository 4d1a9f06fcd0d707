package dev.portico.gateway.response;

import java.util.Locale;
import java.util.Set;

/**
 * Answers: may a file of this media type exist in other content codings? Then its responses vary by
 * Accept-Encoding, whether or not a variant exists today. Content-service makes variants of the
 * same types.
 */
public final class CompressibleTypes {
  private static final Set<String> EXACT =
      Set.of(
          "application/ecmascript",
          "application/graphql",
          "application/javascript",
          "application/json",
          "application/n-triples",
          "application/rtf",
          "application/sql",
          "application/toml",
          "application/vnd.ms-fontobject",
          "application/wasm",
          "application/x-font-ttf",
          "application/x-javascript",
          "application/x-ndjson",
          "application/x-sh",
          "application/x-subrip",
          "application/xml",
          "application/xml-dtd",
          "application/yaml",
          "font/collection",
          "font/otf",
          "font/ttf",
          "image/bmp",
          "image/svg+xml",
          "image/vnd.microsoft.icon",
          "image/x-icon",
          "image/x-ms-bmp",
          "model/gltf-binary",
          "model/obj",
          "model/stl");

  private CompressibleTypes() {}

  /** Whether the type, parameters aside, is one that compresses. */
  public static boolean contains(String type) {
    int semicolon = type.indexOf(';');
    String name =
        (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    return name.startsWith("text/")
        || name.endsWith("+json")
        || name.endsWith("+text")
        || name.endsWith("+xml")
        || EXACT.contains(name);
  }
}
