package dev.portico.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.TreeMap;

/** What a person needs to know once everything runs. */
final class Summary {
  private final Options options;
  private final DataFolder folder;
  private final Stack stack;
  private final String password;

  Summary(Options options, DataFolder folder, Stack stack, String password) {
    this.options = options;
    this.folder = folder;
    this.stack = stack;
    this.password = password;
  }

  void print(PrintStream out, Duration elapsed) {
    int http = options.httpPort();
    out.printf("%nPortico runs, ready after %.1f s.%n%n", elapsed.toMillis() / 1000.0);
    line(out, "Demo site", "http://demo.localhost:" + http + "/");
    if (options.httpsPort() != 0) {
      line(out, "", "https://demo.localhost:" + options.httpsPort() + "/");
    }
    line(out, "API", "http://api.localhost:%d/v1 and http://localhost:%1$d/v1".formatted(http));
    line(out, "Admin", UserPool.ADMIN);
    line(out, "Password", password + "   (kept in " + folder.secretFile("admin-password") + ")");
    line(out, "Mailed codes", String.valueOf(stack.codes()));
    if (options.httpsPort() != 0) {
      line(out, "CA to trust", folder.path().resolve("tls").resolve("ca.pem").toString());
    }
    line(out, "Logs", folder.folder("logs").toString());
    line(out, "Data", folder.path().toString());
    out.println();
    new TreeMap<>(stack.addresses())
        .forEach((name, address) -> line(out, name, address.toString()));
    out.printf(
        """

        Next, in another terminal (README.md has the whole tour):
          export PORTICO_URL=http://localhost:%d PORTICO_PASSWORD='%s'
          deploy/publish/portico login --username %s
          deploy/publish/portico create docs
          deploy/publish/portico publish FOLDER --site docs     then open http://docs.localhost:%1$d/

        Ctrl-C stops all of it.
        """,
        http, password, UserPool.ADMIN);
    out.flush();
  }

  private static void line(PrintStream out, String name, String value) {
    out.printf("  %-16s %s%n", name, value);
  }
}
