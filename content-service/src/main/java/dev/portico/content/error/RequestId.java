package dev.portico.content.error;

import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The request's id: taken from X-Request-Id when it is well-formed (the gateway makes one), else
 * made here; kept as an attribute, sent back, and named by problems as their instance.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
public final class RequestId implements Ordered {
  /** The header. */
  public static final String HEADER = "X-Request-Id";

  private static final String ATTRIBUTE = "dev.portico.request-id";
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{8,64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The id of this request. */
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

  /** Chooses the id before anything else can fail. */
  @RequestFilter
  void begin(HttpRequest<?> request) {
    of(request);
  }

  /** Sends the id back. */
  @ResponseFilter
  void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (!response.getHeaders().contains(HEADER)) {
      response.header(HEADER, of(request));
    }
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  private static String fresh() {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }
}
