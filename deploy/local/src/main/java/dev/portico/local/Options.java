package dev.portico.local;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the command line asks for.
 *
 * @param data the folder that keeps data, logs and secrets
 * @param httpPort the gateway's port for HTTP
 * @param httpsPort the gateway's port for HTTPS, 0 for none
 * @param fresh whether to forget what the folder holds
 */
record Options(Path data, int httpPort, int httpsPort, boolean fresh) {
  static final int DEFAULT_HTTP_PORT = 8080;
  static final int DEFAULT_HTTPS_PORT = 8443;

  /**
   * Reads the command line. `--help` never arrives here: the shell file answers it.
   *
   * @throws CannotStart when an argument is unknown, incomplete or out of range
   */
  static Options parse(List<String> arguments, Path root) {
    var data = root.resolve(".portico");
    int http = DEFAULT_HTTP_PORT;
    int https = DEFAULT_HTTPS_PORT;
    boolean fresh = false;
    var rest = arguments.stream().flatMap(Options::nameAndValue).iterator();
    while (rest.hasNext()) {
      var argument = rest.next();
      switch (argument) {
        case "--fresh" -> fresh = true;
        case "--no-https" -> https = 0;
        case "--no-build" -> {}
        case "--port" -> http = port(argument, value(argument, rest));
        case "--https-port" -> https = port(argument, value(argument, rest));
        case "--data" -> data = Path.of(value(argument, rest));
        default -> throw new CannotStart("unknown option " + argument + "; up --help lists them");
      }
    }
    if (http == https) {
      throw new CannotStart("--port and --https-port are both " + http + "; they must differ");
    }
    return new Options(data.toAbsolutePath().normalize(), http, https, fresh);
  }

  private static Stream<String> nameAndValue(String argument) {
    int equals = argument.indexOf('=');
    return argument.startsWith("--") && equals > 0
        ? Stream.of(argument.substring(0, equals), argument.substring(equals + 1))
        : Stream.of(argument);
  }

  private static String value(String name, Iterator<String> rest) {
    var value = rest.hasNext() ? rest.next() : "";
    if (value.isEmpty()) {
      throw new CannotStart(name + " needs a value");
    }
    return value;
  }

  private static int port(String name, String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new CannotStart(name + " takes a port from 1 to 65535, not \"" + value + "\"");
  }
}
