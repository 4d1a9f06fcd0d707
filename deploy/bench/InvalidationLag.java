import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.UUID;

/**
 * Time from asking for an invalidation until the answer that it is completed, one after another,
 * with pauses of their own so that they fall on any moment of the gateways' polls. Usage: java
 * InvalidationLag.java API SITE TOKEN ROUNDS
 */
class InvalidationLag {
  public static void main(String[] words) throws Exception {
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var target = URI.create(words[0] + "/v1/sites/" + words[1] + "/invalidations?wait=30");
    int rounds = Integer.parseInt(words[3]);
    var lags = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      Thread.sleep(round * 37 % 100);
      var body = "{\"callerReference\":\"%s\",\"paths\":[\"/p%d\",\"/p%d/*\"],\"tags\":[\"t%d\"]}";
      var request =
          HttpRequest.newBuilder(target)
              .header("Authorization", "Bearer " + words[2])
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(body.formatted(UUID.randomUUID(), round, round, round)))
              .build();
      long asked = System.nanoTime();
      var answer = client.send(request, BodyHandlers.ofString());
      lags[round] = (System.nanoTime() - asked) / 1e6;
      if (answer.statusCode() != 201 || !answer.body().contains("\"status\":\"Completed\"")) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
    }
    Arrays.sort(lags);
    System.out.printf(
        "%.0f %.0f %.0f%n",
        lags[rounds / 2], lags[(int) Math.ceil(rounds * 0.99) - 1], lags[rounds - 1]);
  }
}
