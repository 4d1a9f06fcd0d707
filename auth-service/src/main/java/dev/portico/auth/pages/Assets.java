package dev.portico.auth.pages;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What pages are made of besides their text. Each is named after its content, so that browsers may
 * keep it for good.
 */
@Singleton
final class Assets {
  private static final String ACCENT = "accent-";
  private static final String SHEET = ".css";

  /**
   * A file.
   *
   * @param type its media type
   * @param content its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Asset(String type, byte[] content) {}

  private final String style;
  private final String icon;
  private final Map<String, Asset> byName;

  Assets() {
    var sheet = new Asset("text/css", load("style.css"));
    var picture = new Asset("image/svg+xml", load("icon.svg"));
    style = "style-" + hash(sheet) + SHEET;
    icon = "icon-" + hash(picture) + ".svg";
    byName = Map.of(style, sheet, icon, picture);
  }

  String style() {
    return style;
  }

  String icon() {
    return icon;
  }

  /** The name of the style sheet that sets this colour. */
  String accent(Accent colour) {
    return ACCENT + colour.hex() + SHEET;
  }

  /** The asset of this name, if there is one. */
  Optional<Asset> find(String name) {
    Asset asset = byName.get(name);
    return asset == null && name.startsWith(ACCENT) && name.endsWith(SHEET)
        ? Accent.of(name.substring(ACCENT.length(), name.length() - SHEET.length()))
            .map(colour -> new Asset("text/css", colour.styleSheet().getBytes(UTF_8)))
        : Optional.ofNullable(asset);
  }

  private static byte[] load(String name) {
    try (var file = Assets.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return file.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(Asset asset) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(asset.content());
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
