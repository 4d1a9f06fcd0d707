package dev.portico.standins.cognito.hosted;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portico.standins.cognito.signin.HostedSignIn.Outcome.Asked;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The pages that people see, as plain as can be. */
final class LoginPage {
  private LoginPage() {}

  /**
   * The form for name and password.
   *
   * @param action where it is sent
   * @param csrf proves that it was shown to the browser
   * @param fault what was wrong before; null if nothing was
   * @param ways to identity providers, by their names
   */
  static String password(
      String action, String csrf, String name, @Nullable String fault, Map<String, String> ways) {
    return form(
        action,
        csrf,
        fault,
        """
        <p><label>User name or e-mail address<br>
        <input name="username" value="%s" autocomplete="username" required></label>
        <p><label>Password<br>
        <input name="password" type="password" autocomplete="current-password" required></label>
        """
            .formatted(escaped(name)),
        links(ways));
  }

  /** The page for those who can only choose among identity providers. */
  static String choice(Map<String, String> ways) {
    return page("Sign in", links(ways));
  }

  private static String links(Map<String, String> ways) {
    return ways.entrySet().stream()
        .map(
            way ->
                "<p><a href=\"%s\">Sign in with %s</a>\n"
                    .formatted(escaped(way.getValue()), escaped(way.getKey())))
        .collect(Collectors.joining());
  }

  /** The form for what is asked after it. */
  static String challenge(
      String action, String csrf, String name, Asked asked, @Nullable String fault) {
    return form(
        action,
        csrf,
        fault,
        """
        <input type="hidden" name="username" value="%s">
        <input type="hidden" name="challenge" value="%s">
        <input type="hidden" name="session" value="%s">
        """
                .formatted(escaped(name), escaped(asked.challenge()), escaped(asked.session()))
            + switch (asked.challenge()) {
              case "NEW_PASSWORD_REQUIRED" ->
                  "<p><label>New password<br><input name=\"answer\" type=\"password\""
                      + " autocomplete=\"new-password\" required></label>";
              case "SELECT_MFA_TYPE" -> choices(asked.parameters());
              default ->
                  "<p><label>Code<br><input name=\"answer\" autocomplete=\"one-time-code\""
                      + " required></label>";
            },
        "");
  }

  private static String choices(ObjectNode parameters) {
    var form = new StringBuilder();
    for (var factor :
        List.of(parameters.path("MFAS_CAN_CHOOSE").asText().split("[\\[\\]\",]+", -1))) {
      if (!factor.isEmpty()) {
        form.append("<p><label><input type=\"radio\" name=\"answer\" value=\"")
            .append(escaped(factor))
            .append("\" required> ")
            .append(escaped(factor))
            .append("</label>\n");
      }
    }
    return form.toString();
  }

  private static String form(
      String action, String csrf, @Nullable String fault, String fields, String below) {
    return page(
        "Sign in",
        (fault == null ? "" : "<p role=\"alert\">" + escaped(fault) + "\n")
            + "<form method=\"post\" action=\""
            + escaped(action)
            + "\">\n<input type=\"hidden\" name=\"_csrf\" value=\""
            + escaped(csrf)
            + "\">\n"
            + fields
            + "<p><button>Sign in</button>\n</form>\n"
            + below);
  }

  /** The page for what nobody else can be told. */
  static String error(String error, String description) {
    return page(
        "An error was encountered with the requested page.",
        "<p><code>%s</code>: %s\n".formatted(escaped(error), escaped(description)));
  }

  private static String page(String title, String content) {
    return """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <style>body{font:1rem sans-serif;margin:2rem;max-width:30rem}input,button{font:inherit}</style>
    <h1>%s</h1>
    %s<p><small>The Cognito stand-in.</small>
    </html>
    """
        .formatted(title, title, content);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
