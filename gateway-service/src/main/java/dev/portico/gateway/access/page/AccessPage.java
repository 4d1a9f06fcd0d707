package dev.portico.gateway.access.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * A small page: what happened, and what can be done. It needs no script, loads nothing, and is
 * readable by screen readers, in dark rooms and on small screens.
 *
 * @param language of all its texts
 * @param title its heading
 * @param paragraphs what happened
 * @param actions what can be done, the most likely first
 * @param requestId by which operators find the line in the log
 */
public record AccessPage(
    Language language,
    String title,
    List<String> paragraphs,
    List<Action> actions,
    String requestId) {
  private static final String STYLE =
      ":root{color-scheme:light dark}body{font:1rem/1.5"
          + " system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}"
          + "h1{font-size:1.5rem;line-height:1.25}"
          + "form{display:inline}a,button{font:inherit;display:inline-block;margin:0 1rem .5rem"
          + " 0;padding:.4rem 0}button{padding:.4rem 1rem}small{opacity:.75}";

  /** What the page may do, for Content-Security-Policy. */
  public static final String POLICY =
      "default-src 'none'; style-src 'sha256-"
          + hash(STYLE)
          + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  /** Keeps unmodifiable copies. */
  public AccessPage {
    paragraphs = List.copyOf(paragraphs);
    actions = List.copyOf(actions);
  }

  /** Something that the reader can do. */
  public sealed interface Action {
    /**
     * Goes somewhere.
     *
     * @param address a path and query of this host
     */
    record Link(String text, String address) implements Action {}

    /**
     * Sends a form.
     *
     * @param address a path and query of this host
     */
    record Button(String text, String address) implements Action {}

    /**
     * Sends a form with a password ({@code password}) in it.
     *
     * @param label of the field
     * @param text of the button
     * @param address a path and query of this host
     */
    record Secret(String label, String text, String address) implements Action {}
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The page, to be sent as UTF-8. */
  public String render() {
    StringBuilder html = new StringBuilder(1024);
    html.append("<!doctype html>\n<html lang=\"").append(language.tag()).append("\">\n");
    html.append("<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width\">\n");
    html.append("<title>").append(escaped(title)).append("</title>\n");
    html.append("<style>").append(STYLE).append("</style>\n");
    html.append("<main>\n<h1>").append(escaped(title)).append("</h1>\n");
    for (String paragraph : paragraphs) {
      html.append("<p>").append(escaped(paragraph)).append("</p>\n");
    }
    if (!actions.isEmpty()) {
      // A form is no part of a paragraph.
      html.append("<div>");
      actions.forEach(action -> html.append(rendered(action)).append('\n'));
      html.append("</div>\n");
    }
    html.append("<p><small>").append(escaped(requestId)).append("</small></p>\n");
    return html.append("</main>\n</html>\n").toString();
  }

  private static String rendered(Action action) {
    return switch (action) {
      case Action.Link link ->
          "<a href=\"" + escaped(link.address()) + "\">" + escaped(link.text()) + "</a>";
      case Action.Button button ->
          "<form method=\"post\" action=\""
              + escaped(button.address())
              + "\"><button>"
              + escaped(button.text())
              + "</button></form>";
      case Action.Secret secret ->
          "<form method=\"post\" action=\""
              + escaped(secret.address())
              + "\"><label for=\"password\">"
              + escaped(secret.label())
              + "</label> <input id=\"password\" name=\"password\" type=\"password\""
              + " autocomplete=\"current-password\" required autofocus> <button>"
              + escaped(secret.text())
              + "</button></form>";
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
