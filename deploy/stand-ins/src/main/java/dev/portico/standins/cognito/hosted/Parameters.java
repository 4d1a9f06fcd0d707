package dev.portico.standins.cognito.hosted;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query or a form, each at most once (RFC 6749 section 3.1).
 *
 * @param values by name; those that are empty count as not sent
 */
record Parameters(Map<String, String> values) {
  static Parameters parse(String encoded) {
    var values = new LinkedHashMap<String, String>();
    for (var pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0 || equals == pair.length() - 1) {
        continue;
      }
      var name = decoded(pair.substring(0, equals));
      if (values.put(name, decoded(pair.substring(equals + 1))) != null) {
        throw OAuthException.of("invalid_request", name + " is there more than once");
      }
    }
    return new Parameters(values);
  }

  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw OAuthException.of("invalid_request", "a parameter is not percent-encoded");
    }
  }

  @Nullable String get(String name) {
    return values.get(name);
  }

  /** A value that must be there. */
  String required(String name) {
    var value = values.get(name);
    if (value == null) {
      throw OAuthException.of("invalid_request", name + " is missing");
    }
    return value;
  }

  /** An address with more in its query: names and values in turn, without those that are null. */
  static String appended(String address, @Nullable String... namesAndValues) {
    var result = new StringBuilder(address);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      var value = namesAndValues[i + 1];
      if (value != null) {
        result
            .append(result.indexOf("?") < 0 ? '?' : '&')
            .append(namesAndValues[i])
            .append('=')
            .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
      }
    }
    return result.toString();
  }
}
