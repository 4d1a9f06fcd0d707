package dev.portico.auth.seal;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which things are sealed. Checked at start.
 *
 * @param keys each {@code id:base64 of 32 bytes}; the first seals, all open
 */
@Context
@ConfigurationProperties("portico.seal")
public record SealSettings(@Nullable List<String> keys) {
  private static final String NAME = "PORTICO_AUTH_SEALING_KEYS";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");
  private static final int KEY_BYTES = 32;

  /**
   * Refuses what could never work.
   *
   * @throws IllegalArgumentException naming the setting, and no key
   */
  public SealSettings {
    keys =
        keys == null
            ? List.of()
            : keys.stream().map(String::strip).filter(key -> !key.isEmpty()).toList();
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          NAME
              + " is not set; it is a comma list of id:key, a key being 32 random bytes in base64");
    }
    var ids = new LinkedHashMap<String, byte[]>();
    for (String key : keys) {
      String id = id(key);
      if (!ID.matcher(id).matches() || ids.put(id, bytes(key)) != null) {
        throw new IllegalArgumentException(
            NAME
                + " has a key whose id is not 1 to 16 letters, digits, - and _, or is there twice");
      }
    }
  }

  /** The keys by id, the one that seals first. */
  Map<String, byte[]> byId() {
    var byId = new LinkedHashMap<String, byte[]>();
    if (keys != null) {
      keys.forEach(key -> byId.put(id(key), bytes(key)));
    }
    return byId;
  }

  private static String id(String key) {
    int colon = key.indexOf(':');
    return colon < 0 ? "" : key.substring(0, colon);
  }

  private static byte[] bytes(String key) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(key.substring(key.indexOf(':') + 1));
    } catch (IllegalArgumentException e) {
      bytes = new byte[0]; // without the cause, which quotes the key
    }
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          NAME + " has a key that is not the base64 of " + KEY_BYTES + " bytes");
    }
    return bytes;
  }

  /** Without the keys, since what is printed may be logged. */
  @Override
  public String toString() {
    return "SealSettings[" + byId().keySet() + ']';
  }
}
