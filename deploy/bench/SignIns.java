import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signs in as browsers do, from a protected page by the pages of the auth host and back, several at
 * a time. Prints sign-ins per second, median and 99th percentile in milliseconds, and the cookie of
 * the last session.
 *
 * <p>Arguments: the port of a gateway, the host and path of a protected page, user name, password,
 * how many at a time, how many in all.
 */
public final class SignIns {
  private static final HttpClient CLIENT = client();
  private static final Pattern TOKEN = Pattern.compile("name=\"token\" value=\"([^\"]+)\"");
  private static final Pattern ACTION =
      Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");
  private static final int MOST_STEPS = 12;

  private SignIns() {}

  private static HttpClient client() {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  public static void main(String[] words) throws Exception {
    int port = Integer.parseInt(words[0]);
    URI page = URI.create("http://" + words[1]);
    int atATime = Integer.parseInt(words[4]);
    int all = Integer.parseInt(words[5]);
    Callable<Visit> one = () -> new Visit(port, page).signIn(words[2], words[3]);
    for (int i = 0; i < atATime; i++) {
      one.call();
    }
    List<Double> milliseconds = new ArrayList<>();
    String cookie = "";
    long began = System.nanoTime();
    try (var threads = Executors.newFixedThreadPool(atATime)) {
      for (Future<Visit> done : threads.invokeAll(Collections.nCopies(all, one))) {
        milliseconds.add(done.get().milliseconds);
        cookie = done.get().session();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    Collections.sort(milliseconds);
    System.out.printf(
        "%.1f %.1f %.1f %s%n",
        all / seconds,
        milliseconds.get(all / 2),
        milliseconds.get((int) Math.min(all - 1L, all * 99L / 100)),
        cookie);
  }

  /** One browser, with its cookies by host. */
  private static final class Visit {
    private final int port;
    private final URI page;
    private final Map<String, Map<String, String>> cookies = new HashMap<>();
    private double milliseconds;

    Visit(int port, URI page) {
      this.port = port;
      this.page = page;
    }

    Visit signIn(String username, String password) throws IOException, InterruptedException {
      long began = System.nanoTime();
      URI at = page;
      HttpResponse<String> answer = send(at, null);
      for (int step = 0; step < MOST_STEPS; step++) {
        if (answer.statusCode() / 100 == 3) {
          at = at.resolve(answer.headers().firstValue("location").orElseThrow());
          answer = send(at, null);
        } else if (answer.statusCode() == 200 && at.equals(page)) {
          milliseconds = (System.nanoTime() - began) / 1e6;
          return this;
        } else {
          String form =
              "token="
                  + encoded(first(TOKEN, answer))
                  + "&username="
                  + encoded(username)
                  + "&password="
                  + encoded(password);
          at = at.resolve(first(ACTION, answer).replace("&amp;", "&"));
          answer = send(at, form);
        }
      }
      throw new IOException(
          "no way in, last " + answer.statusCode() + " at " + at + "\n" + answer.body());
    }

    String session() {
      return cookies.getOrDefault(page.getHost(), Map.of()).getOrDefault("__Host-portico", "");
    }

    private HttpResponse<String> send(URI at, String form)
        throws IOException, InterruptedException {
      String query = at.getRawQuery() == null ? "" : "?" + at.getRawQuery();
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + at.getRawPath() + query))
              .header("Host", at.getRawAuthority())
              .header("Accept", "text/html")
              .timeout(Duration.ofSeconds(30));
      var held = cookies.computeIfAbsent(at.getHost(), host -> new HashMap<>());
      if (!held.isEmpty()) {
        var pairs = new ArrayList<String>();
        held.forEach((name, value) -> pairs.add(name + "=" + value));
        request.header("Cookie", String.join("; ", pairs));
      }
      if (form != null) {
        request.header("Content-Type", "application/x-www-form-urlencoded");
        request.header("Origin", "http://" + at.getRawAuthority());
        request.POST(HttpRequest.BodyPublishers.ofString(form));
      }
      var answer = CLIENT.send(request.build(), BodyHandlers.ofString());
      for (String line : answer.headers().allValues("set-cookie")) {
        String pair = line.split(";", 2)[0];
        String value = pair.substring(pair.indexOf('=') + 1);
        String name = pair.substring(0, pair.indexOf('='));
        if (value.isEmpty() || line.contains("Max-Age=0")) {
          held.remove(name);
        } else {
          held.put(name, value);
        }
      }
      return answer;
    }
  }

  private static String first(Pattern pattern, HttpResponse<String> answer) throws IOException {
    Matcher found = pattern.matcher(answer.body());
    if (!found.find()) {
      throw new IOException(
          "no " + pattern + " in an answer " + answer.statusCode() + "\n" + answer.body());
    }
    return found.group(1);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
