package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.content.fixture.ContentServer.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/**
 * The service is killed while it publishes: the site is the old one whole or the new one whole, and
 * a repeat succeeds.
 */
class CrashIT {
  private static final int ROUNDS = 4;

  @Test
  void aKilledPublicationLeavesTheSiteWholeAndCanBeRepeated() {
    long seed = Long.getLong("portico.test.seed", System.nanoTime());
    Random random = new Random(seed);
    try (ServiceProcess service = new ServiceProcess("-Xmx200m")) {
      Publisher publisher = new Publisher(service::api, service.token());
      String site = publisher.newSite();
      TestSite live = TestSite.random(seed, 200, 10_000);
      long begun = System.nanoTime();
      assertThat(publisher.publishArchive(site, live.tar(), "").status()).isEqualTo(201);
      Duration usual = Duration.ofNanos(System.nanoTime() - begun);
      for (int round = 0; round < ROUNDS; round++) {
        TestSite next = TestSite.random(random.nextLong(), 200, 10_000);
        boolean byDigests = round % 3 == 2;
        long delay = random.nextLong(usual.toMillis() + 50);
        String what =
            "seed %d, round %d, %s, killed after %d ms"
                .formatted(seed, round, byDigests ? "digests" : "archive", delay);
        publishAndKill(service, publisher, site, next, byDigests, delay);
        service.restart();

        String id = publisher.get("/v1/sites/" + site).json().path("deployment").asText();
        assertThat(content(publisher, site, id)).as(what).isIn(digests(live), digests(next));

        Answer repeated =
            byDigests
                ? publisher.publishByDigests(site, next, "?activate=true")
                : publisher.publishArchive(site, next.tar(), "");
        assertThat(repeated.status()).as("%s: %s", what, repeated.text()).isIn(200, 201);
        assertThat(repeated.json().path("active").asBoolean()).as(what).isTrue();
        assertThat(content(publisher, site, repeated.json().path("id").asText()))
            .as(what)
            .isEqualTo(digests(next));
        live = next;
      }
    }
  }

  private static void publishAndKill(
      ServiceProcess service,
      Publisher publisher,
      String site,
      TestSite files,
      boolean byDigests,
      long delay) {
    CompletableFuture<Void> publication =
        CompletableFuture.runAsync(
            () -> {
              if (byDigests) {
                publisher.publishByDigests(site, files, "?activate=true");
              } else {
                publisher.publishArchive(site, files.tar(), "");
              }
            },
            task -> Thread.ofVirtual().start(task));
    try {
      publication.get(delay, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Still at it: the moment to strike.
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    service.kill();
    try {
      publication.join();
    } catch (RuntimeException | AssertionError e) {
      // Its connection broke, as it should.
    }
  }

  private static Map<String, String> content(Publisher publisher, String site, String id) {
    byte[] archive = publisher.download("/v1/sites/" + site + "/deployments/" + id + "/archive");
    Map<String, String> content = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        content.put("/" + entry.getName(), TestSite.sha256(tar.readAllBytes()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return content;
  }

  private static Map<String, String> digests(TestSite files) {
    Map<String, String> digests = new TreeMap<>();
    files.files().forEach((path, content) -> digests.put(path, TestSite.sha256(content)));
    return digests;
  }
}
