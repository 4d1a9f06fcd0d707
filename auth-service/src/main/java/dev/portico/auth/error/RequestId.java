package dev.portico.auth.error;

import io.micronaut.http.HttpRequest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The request's id: taken from X-Request-Id when it is well-formed (the gateway makes one), else
 * made here; kept at the request, and named by problems as their instance.
 */
public final class RequestId {
  /** The header. */
  public static final String HEADER = "X-Request-Id";

  private static final String ATTRIBUTE = "dev.portico.request-id";
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{8,64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestId() {}

  /** The id of this request, the same each time. */
  public static String of(HttpRequest<?> request) {
    return request
        .getAttribute(ATTRIBUTE, String.class)
        .orElseGet(
            () -> {
              String given = request.getHeaders().get(HEADER);
              String id = given != null && WELL_FORMED.matcher(given).matches() ? given : fresh();
              request.setAttribute(ATTRIBUTE, id);
              return id;
            });
  }

  private static String fresh() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
