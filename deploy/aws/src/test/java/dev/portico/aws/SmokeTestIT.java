package dev.portico.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.portico.aws.fixture.Deployment;
import dev.portico.aws.fixture.Program;
import dev.portico.aws.fixture.Program.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code that ECS runs before viewers meet new gateways, by Node, as Lambda does. */
class SmokeTestIT {
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger strangers = new AtomicInteger();
  private @Nullable HttpServer server;
  private String base = "";

  @BeforeEach
  void listen() throws IOException {
    assumeTrue(Program.isThere("node"), "needs Node");
    HttpServer started =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    started.createContext(
        "/",
        exchange -> {
          if (!"next".equals(exchange.getRequestHeaders().getFirst("X-Portico-Release"))) {
            strangers.incrementAndGet();
          }
          boolean unwell =
              exchange.getRequestURI().getPath().equals("/two") && failures.getAndDecrement() > 0;
          exchange.sendResponseHeaders(unwell ? 503 : 200, -1);
          exchange.close();
        });
    started.start();
    server = started;
    base = "http://127.0.0.1:" + started.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private Result smoke(String urls, int seconds) {
    String code =
        String.valueOf(
            Deployment.small()
                .edge()
                .one("AWS::Lambda::Function", "SmokeTestFunction")
                .at("Code.ZipFile"));
    return Program.run(
        Deployment.module(),
        Map.of(
            "URLS", urls, "FIELD", "X-Portico-Release", "VALUE", "next", "SECONDS", seconds + ""),
        List.of(
            "node",
            "-e",
            code
                + "\nexports.handler({}).then((answer) => console.log(\"ANSWER\","
                + " JSON.stringify(answer)));"));
  }

  @Test
  void succeedsWhenBothServicesAnswerThroughTheNewGateways() {
    Result result = smoke(base + "/one " + base + "/two", 5);
    assertThat(result.out()).as(result.err()).contains("ANSWER {\"hookStatus\":\"SUCCEEDED\"}");
    assertThat(strangers).as("requests without the field of the test rule").hasValue(0);
  }

  @Test
  void waitsForOneThatIsNotThereYet() {
    failures.set(2);
    assertThat(smoke(base + "/one " + base + "/two", 20).out())
        .contains("ANSWER {\"hookStatus\":\"SUCCEEDED\"}");
    assertThat(failures.get()).isNegative();
  }

  @Test
  void failsWhenOneStaysAwayAndSaysWhich() {
    failures.set(1000);
    assertThat(smoke(base + "/one " + base + "/two", 1).out())
        .contains("ANSWER {\"hookStatus\":\"FAILED\"}")
        .contains("/two\",\"last\":\"answered 503\"");
  }

  @Test
  void failsWhenNobodyListens() {
    assertThat(smoke("http://127.0.0.1:1/", 1).out())
        .contains("ANSWER {\"hookStatus\":\"FAILED\"}");
  }

  @Test
  void fitsIntoATemplate() {
    assertThat(
            String.valueOf(
                Deployment.small()
                    .edge()
                    .one("AWS::Lambda::Function", "SmokeTestFunction")
                    .at("Code.ZipFile")))
        .hasSizeLessThan(4096);
  }
}
