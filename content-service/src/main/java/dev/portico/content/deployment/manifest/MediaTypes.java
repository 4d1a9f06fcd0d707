package dev.portico.content.deployment.manifest;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The media type of a file by its name's extension, as IANA registers it
 * (iana.org/assignments/media-types), with the few that browsers need otherwise. Text carries
 * {@code charset=utf-8}: it is what builders write, and without it browsers guess.
 */
public final class MediaTypes {
  /** For a name that says nothing. */
  public static final String UNKNOWN = "application/octet-stream";

  private static final String TABLE =
      """
      text/html html htm
      application/xhtml+xml xhtml xht
      text/css css
      text/javascript js mjs cjs
      application/json json map topojson har webapp
      application/ld+json jsonld
      application/geo+json geojson
      application/manifest+json webmanifest
      application/schema+json schema
      application/yaml yaml yml
      application/toml toml
      text/plain txt text log conf cfg ini properties asc diff patch env license readme
      text/markdown md markdown mdown
      text/csv csv
      text/tab-separated-values tsv
      text/calendar ics ifb
      text/vcard vcf vcard
      text/vtt vtt
      text/x-shellscript sh
      text/x-java java
      text/x-python py
      text/x-c c h cc cpp hpp cxx hh
      text/x-go go
      text/x-rust rs
      text/typescript ts mts cts tsx jsx
      text/x-scss scss
      text/x-rst rst
      text/troff man roff
      text/cache-manifest appcache
      application/x-subrip srt
      application/xml xml xsl xsd rng wsdl
      application/xslt+xml xslt
      application/rss+xml rss
      application/atom+xml atom
      application/gpx+xml gpx
      application/vnd.google-earth.kml+xml kml
      application/opensearchdescription+xml osdx
      application/mathml+xml mathml
      application/rdf+xml rdf owl
      text/turtle ttl
      text/n3 n3
      application/n-triples nt
      application/sql sql
      application/graphql graphql gql
      application/wasm wasm
      application/pdf pdf
      application/postscript ps eps ai
      application/rtf rtf
      application/epub+zip epub
      application/msword doc
      application/vnd.ms-excel xls
      application/vnd.ms-powerpoint ppt
      application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
      application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
      application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
      application/vnd.oasis.opendocument.text odt
      application/vnd.oasis.opendocument.spreadsheet ods
      application/vnd.oasis.opendocument.presentation odp
      application/zip zip
      application/gzip gz tgz
      application/zstd zst
      application/x-bzip2 bz2
      application/x-xz xz
      application/x-tar tar
      application/x-7z-compressed 7z
      application/vnd.rar rar
      application/x-brotli br
      application/java-archive jar war ear
      application/vnd.android.package-archive apk
      application/vnd.debian.binary-package deb
      application/x-rpm rpm
      application/x-apple-diskimage dmg
      application/x-iso9660-image iso
      application/x-msdownload exe dll
      application/x-msi msi
      application/x-x509-ca-cert crt cer der
      application/x-pem-file pem
      application/pgp-signature sig
      application/x-sqlite3 sqlite sqlite3
      application/vnd.apache.parquet parquet
      application/protobuf pb
      application/vnd.mapbox-vector-tile mvt pbf
      application/vnd.pmtiles pmtiles
      application/vnd.apple.mpegurl m3u8
      application/dash+xml mpd
      application/x-bittorrent torrent
      application/x-shockwave-flash swf
      image/png png
      image/apng apng
      image/jpeg jpg jpeg jpe jfif
      image/gif gif
      image/webp webp
      image/avif avif
      image/avif-sequence avifs
      image/heic heic
      image/heif heif
      image/jxl jxl
      image/svg+xml svg
      image/bmp bmp
      image/tiff tif tiff
      image/x-icon ico cur
      image/vnd.adobe.photoshop psd
      font/woff woff
      font/woff2 woff2
      font/ttf ttf
      font/otf otf
      font/collection ttc
      application/vnd.ms-fontobject eot
      audio/mpeg mp3
      audio/mp4 m4a m4b
      audio/aac aac
      audio/ogg oga ogg opus spx
      audio/wav wav
      audio/webm weba
      audio/flac flac
      audio/midi mid midi
      audio/x-aiff aif aiff
      video/mp4 mp4 m4v mp4v
      video/webm webm
      video/ogg ogv
      video/quicktime mov qt
      video/mpeg mpeg mpg
      video/mp2t m2ts
      video/x-matroska mkv
      video/x-msvideo avi
      video/3gpp 3gp
      model/gltf+json gltf
      model/gltf-binary glb
      model/stl stl
      model/obj obj
      model/vnd.usdz+zip usdz
      message/rfc822 eml
      """;

  private static final Map<String, String> BY_EXTENSION = byExtension();

  /** Names that no extension tells about. */
  private static final Map<String, String> BY_NAME =
      Map.of(
          "license", "text/plain; charset=utf-8",
          "readme", "text/plain; charset=utf-8",
          "_headers", "text/plain; charset=utf-8",
          "_redirects", "text/plain; charset=utf-8",
          "cname", "text/plain; charset=utf-8",
          "apple-app-site-association", "application/json");

  private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
  private static final Pattern TYPE = Pattern.compile("(" + TOKEN + ")/(" + TOKEN + ")");
  private static final Pattern PARAMETER =
      Pattern.compile(
          "[ \\t]*;[ \\t]*(" + TOKEN + ")=(" + TOKEN + "|\"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*\")");
  private static final int MAX_LENGTH = 200;

  private MediaTypes() {}

  /** The media type to send for the file at {@code path}. */
  public static String ofPath(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    String byName = BY_NAME.get(name);
    if (byName != null) {
      return byName;
    }
    int dot = name.lastIndexOf('.');
    return dot < 0 ? UNKNOWN : BY_EXTENSION.getOrDefault(name.substring(dot + 1), UNKNOWN);
  }

  /**
   * A media type in the one form that manifests use (RFC 9110, section 8.3.1: names in lower case,
   * {@code "; "} before a parameter), or empty when {@code text} is none. Text without a charset
   * gets UTF-8.
   */
  public static Optional<String> canonical(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher type = TYPE.matcher(text);
    if (!type.lookingAt()) {
      return Optional.empty();
    }
    String essence = type.group().toLowerCase(Locale.ROOT);
    StringBuilder canonical = new StringBuilder(essence);
    boolean charset = false;
    Matcher parameter = PARAMETER.matcher(text);
    int at = type.end();
    while (at < text.length()) {
      parameter.region(at, text.length());
      if (!parameter.lookingAt()) {
        return Optional.empty();
      }
      String name = parameter.group(1).toLowerCase(Locale.ROOT);
      boolean isCharset = name.equals("charset");
      charset |= isCharset;
      String value = isCharset ? parameter.group(2).toLowerCase(Locale.ROOT) : parameter.group(2);
      canonical.append("; ").append(name).append('=').append(value);
      at = parameter.end();
    }
    return Optional.of(charset ? canonical.toString() : withCharset(essence, canonical.toString()));
  }

  /** Not for JSON: it is always UTF-8 and its type has no such parameter (RFC 8259, section 11). */
  private static String withCharset(String essence, String type) {
    return essence.startsWith("text/") ? type + "; charset=utf-8" : type;
  }

  private static Map<String, String> byExtension() {
    Map<String, String> types = new HashMap<>();
    TABLE
        .lines()
        .forEach(
            line -> {
              String[] words = line.split(" ", -1);
              String type = withCharset(words[0], words[0]);
              for (int i = 1; i < words.length; i++) {
                if (types.putIfAbsent(words[i], type) != null) {
                  throw new IllegalStateException("two media types for ." + words[i]);
                }
              }
            });
    return Map.copyOf(types);
  }
}
