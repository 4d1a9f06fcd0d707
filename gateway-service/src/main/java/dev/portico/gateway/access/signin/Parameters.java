package dev.portico.gateway.access.signin;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query or form (URL, section 5.1). One that is there twice has two readings,
 * and so it has no value.
 */
public final class Parameters {
  private static final int MOST = 32;

  private final Map<String, String> values = new HashMap<>();

  private Parameters() {}

  /** Reads some; what cannot be read has no value. */
  public static Parameters of(@Nullable String text) {
    Parameters read = new Parameters();
    Set<String> twice = new HashSet<>();
    if (text != null) {
      for (String piece : text.split("&", MOST + 1)) {
        int equals = piece.indexOf('=');
        String name = decoded(equals < 0 ? piece : piece.substring(0, equals));
        String value = decoded(equals < 0 ? "" : piece.substring(equals + 1));
        if (name == null || value == null) {
          continue;
        }
        if (read.values.putIfAbsent(name, value) != null) {
          twice.add(name);
        }
      }
    }
    twice.forEach(read.values::remove);
    return read;
  }

  private static @Nullable String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** A parameter's value; null for none, or several. */
  public @Nullable String get(String name) {
    return values.get(name);
  }
}
