package dev.portico.standins;

import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.cognito.CognitoSettings;
import dev.portico.standins.cognito.CognitoStandIn;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Runs a stand-in as a program: {@code cognito --port 9229 --data DIR}. */
public final class StandIns {
  private static final String USAGE =
      """
      usage: java -jar portico-stand-ins.jar cognito --data DIR [--port 9229] [--host 127.0.0.1]
                 [--region us-east-1] [--issuer https://…/{poolId}] [--key-id ID] [--secret SECRET]
                 [--beyond-loopback]
      """;

  private StandIns() {}

  /** Starts what the arguments ask for; ends with status 1 and one line when it cannot. */
  public static void main(String[] arguments) {
    try {
      var standIn = CognitoStandIn.start(settings(List.of(arguments)));
      System.out.println("Cognito stand-in ready at " + standIn.endpoint());
      System.out.println("Mailed codes can be read at " + standIn.messagesPage());
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(standIn::close));
    } catch (RuntimeException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  static CognitoSettings settings(List<String> arguments) {
    var words = arguments.iterator();
    if (!words.hasNext() || !words.next().equals("cognito")) {
      throw new IllegalArgumentException(USAGE);
    }
    var options = options(words);
    var data = options.remove("--data");
    if (data == null) {
      throw new IllegalArgumentException(USAGE);
    }
    var local = LocalCredentials.DEFAULT;
    var settings =
        new CognitoSettings(
            take(options, "--host", "127.0.0.1"),
            Integer.parseInt(take(options, "--port", "9229")),
            Path.of(data),
            new LocalCredentials(
                take(options, "--region", local.region()),
                take(options, "--key-id", local.keyId()),
                take(options, "--secret", local.secret())),
            take(options, "--issuer", CognitoSettings.AWS_ISSUER),
            options.remove("--beyond-loopback") != null);
    if (!options.isEmpty()) {
      throw new IllegalArgumentException("unknown: " + options.keySet() + "\n" + USAGE);
    }
    return settings;
  }

  private static String take(Map<String, String> options, String name, String otherwise) {
    var value = options.remove(name);
    return value == null ? otherwise : value;
  }

  private static Map<String, String> options(Iterator<String> words) {
    var options = new HashMap<String, String>();
    while (words.hasNext()) {
      var name = words.next();
      if (name.equals("--beyond-loopback")) {
        options.put(name, "");
      } else if (words.hasNext()) {
        options.put(name, words.next());
      } else {
        throw new IllegalArgumentException(name + " has no value\n" + USAGE);
      }
    }
    return options;
  }
}
