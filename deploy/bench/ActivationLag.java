import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;

/**
 * Time from the answer to an activation until the gateway serves the new bytes, over many
 * activations of two deployments by turns. Usage: java ActivationLag.java API SITE TOKEN ROUNDS
 * FIRST-ID FIRST-TEXT SECOND-ID SECOND-TEXT
 */
class ActivationLag {
  static final HttpClient CLIENT;

  static {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  public static void main(String[] words) throws Exception {
    var api = URI.create(words[0]);
    var site = words[1];
    int rounds = Integer.parseInt(words[3]);
    var page =
        HttpRequest.newBuilder(api.resolve("/"))
            .header("Host", site + ".localhost:" + api.getPort())
            .build();
    var lags = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      var deployment = words[4 + round % 2 * 2];
      var text = words[5 + round % 2 * 2];
      var activate =
          HttpRequest.newBuilder(
                  api.resolve("/v1/sites/" + site + "/deployments/" + deployment + "/activate"))
              .header("Authorization", "Bearer " + words[2])
              .POST(BodyPublishers.noBody())
              .build();
      var answer = CLIENT.send(activate, BodyHandlers.ofString());
      long answered = System.nanoTime();
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
      while (!CLIENT.send(page, BodyHandlers.ofString()).body().contains(text)) {
        if (System.nanoTime() - answered > 30_000_000_000L) {
          throw new IllegalStateException("not shown after 30 s");
        }
      }
      lags[round] = (System.nanoTime() - answered) / 1e6;
    }
    Arrays.sort(lags);
    System.out.printf(
        "%.0f %.0f %.0f%n",
        lags[rounds / 2], lags[(int) Math.ceil(rounds * 0.99) - 1], lags[rounds - 1]);
  }
}
