package dev.portico.gateway.error;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer reads when the gateway has no better answer: a problem document (RFC 9457) for
 * programs, a plain page for people. It names the request id, by which operators find the log line.
 *
 * @param type the media type
 * @param body the content, to be sent as UTF-8
 */
public record ErrorPage(String type, String body) {
  private static final String PROBLEM = "application/problem+json";
  private static final String HTML = "text/html";
  private static final String PAGE = "text/html; charset=utf-8";

  /**
   * Renders an error.
   *
   * @param accept the viewer's Accept field, null when there is none
   * @param program whether programs are the usual viewers here, so that in doubt JSON is right
   * @param status what the viewer gets, usually the error's own status
   */
  public static ErrorPage of(
      EdgeError error, int status, String requestId, @Nullable String accept, boolean program) {
    return wantsProblem(accept, program)
        ? new ErrorPage(PROBLEM, problem(error, status, requestId))
        : new ErrorPage(PAGE, page(error, status, requestId));
  }

  private static boolean wantsProblem(@Nullable String accept, boolean program) {
    if (accept == null) {
      return program;
    }
    boolean page = accept.toLowerCase(Locale.ROOT).contains(HTML);
    return program ? !page : isOfProgram(accept);
  }

  /**
   * Whether an Accept field is a program's that wants JSON, whatever else it takes in need: many
   * say {@code application/json, text/plain, *}{@code /*}.
   */
  public static boolean isOfProgram(String accept) {
    String ranges = accept.toLowerCase(Locale.ROOT);
    return ranges.contains("json") && !ranges.contains(HTML);
  }

  private static String problem(EdgeError error, int status, String requestId) {
    return "{\"type\":\""
        + error.type()
        + "\",\"title\":\""
        + error.title()
        + "\",\"status\":"
        + status
        + ",\"instance\":\""
        + requestId
        + "\"}";
  }

  private static String page(EdgeError error, int status, String requestId) {
    return """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>%1$d %2$s</title>
    <h1>%1$d</h1>
    <p>%2$s.</p>
    <p><small>Request %3$s</small></p>
    </html>
    """
        .formatted(status, error.title(), requestId);
  }
}
