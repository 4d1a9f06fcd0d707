package dev.portico.content.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.portico.content.deployment.WriteCalls.When;
import dev.portico.content.fixture.ContentServer.Answer;
import dev.portico.standins.aws.TestEnvironment;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The service is killed at every step of a publication, that is before each call that writes and
 * after the last one: the site is the old one whole or the new one whole, and a repeat of the same
 * request succeeds. What lies between two such calls leaves no trace.
 */
class CrashIT {
  private static final String PACK = "S3 PUT blobs";
  private static final String RECORDS = "DynamoDB TransactWriteItems BLOB BLOB";

  /** Of a file above 8 MiB, which is an object of its own and sent in parts. */
  private static final List<String> LARGE =
      List.of(
          "DynamoDB PutItem UPLOAD UPLOAD",
          "S3 POST blobs",
          "S3 PUT blobs",
          "S3 PUT blobs #2",
          "S3 POST blobs #2",
          "DynamoDB TransactWriteItems BLOB BLOB, UPLOAD UPLOAD");

  private static final int LARGE_BYTES = 9 << 20;
  private static final String UPLOAD = "S3 PUT uploads";
  private static final String BEGIN = "DynamoDB PutItem SITE DEPLOYMENTS DEPLOYMENT";
  private static final String VARIANTS = "DynamoDB BatchWriteItem VARIANTS";
  private static final String MANIFEST = "S3 PUT manifests";
  private static final String SEAL =
      "DynamoDB TransactWriteItems SITE AUDIT, SITE DEPLOYMENTS DEPLOYMENT";

  private static final String FORGET_UPLOAD = "S3 POST delete";

  /** Nothing of a publication shows before this is done, and everything shows afterwards. */
  private static final String ACTIVATE =
      "DynamoDB TransactWriteItems CONTROLS FREEZE, FEED, FEED HEAD, SITE ACTIVATIONS, SITE AUDIT,"
          + " SITE DEPLOYMENTS DEPLOYMENT, SITE SITE";

  private static final AtomicInteger CONTENTS = new AtomicInteger();

  @TempDir private static Path spool;
  private static WriteCalls calls;
  private static ServiceProcess service;
  private static Publisher publisher;

  /** How to publish. */
  enum Form {
    ARCHIVE {
      @Override
      Answer publish(String site, TestSite files) {
        return publisher.publishArchive(site, files.tar(), "");
      }

      @Override
      List<String> steps() {
        return List.of(PACK, RECORDS, VARIANTS, MANIFEST, SEAL, ACTIVATE);
      }
    },
    ZIP {
      @Override
      Answer publish(String site, TestSite files) {
        return publisher.publishArchive(site, files.zip(), "");
      }

      @Override
      List<String> steps() {
        return ARCHIVE.steps();
      }

      // Of its own it has the archive on disk, until the first step; the rest is ARCHIVE's.
      @Override
      List<String> killedAt() {
        return List.of(PACK);
      }
    },
    LARGE_FILE {
      @Override
      Answer publish(String site, TestSite files) {
        return ARCHIVE.publish(site, files);
      }

      @Override
      TestSite fresh() {
        String text = "line " + CONTENTS.incrementAndGet() + "\n";
        return TestSite.of("/index.html", text.repeat(LARGE_BYTES / text.length()));
      }

      @Override
      List<String> steps() {
        return Stream.concat(LARGE.stream(), Stream.of(VARIANTS, MANIFEST, SEAL, ACTIVATE))
            .toList();
      }

      // What follows is ARCHIVE's.
      @Override
      List<String> killedAt() {
        return LARGE;
      }
    },
    DIGESTS {
      @Override
      Answer publish(String site, TestSite files) {
        return publisher.publishByDigests(site, files, "?activate=true");
      }

      @Override
      List<String> steps() {
        return List.of(
            UPLOAD, BEGIN, PACK, RECORDS, VARIANTS, MANIFEST, SEAL, FORGET_UPLOAD, ACTIVATE);
      }
    };

    abstract Answer publish(String site, TestSite files);

    /** A file that nobody has stored, and that gets variants. */
    TestSite fresh() {
      String text = "text " + CONTENTS.incrementAndGet() + " ";
      return TestSite.of("/index.html", text.repeat(100));
    }

    /** The calls that write, in their order. */
    abstract List<String> steps();

    /** Those that are not another form's as well: each costs a start of the service. */
    List<String> killedAt() {
      return steps();
    }
  }

  @BeforeAll
  static void start() {
    TestEnvironment stores = TestEnvironment.shared();
    calls = new WriteCalls(stores.s3().endpoint(), stores.dynamoDb().endpoint());
    service =
        new ServiceProcess(
            Map.of(
                "PORTICO_S3_ENDPOINT",
                calls.s3().toString(),
                "PORTICO_DYNAMODB_ENDPOINT",
                calls.dynamoDb().toString(),
                // What it does afterwards and by itself is no step of a publication.
                "PORTICO_BLOB_VARIANTS_ENABLED",
                "false",
                "PORTICO_SPOOL_DIRECTORY",
                spool.toString()),
            "-Xmx200m");
    publisher = new Publisher(service::api, service.token());
    service.startQuicklyFromNowOn();
  }

  @AfterAll
  static void stop() {
    service.close();
    calls.close();
  }

  @ParameterizedTest
  @EnumSource
  void aPublicationKilledAtAnyStepLeavesTheSiteWholeAndCanBeRepeated(Form form) {
    String site = publisher.newSite();
    TestSite live = form.fresh();
    calls.forget();
    assertThat(form.publish(site, live).status()).isIn(200, 201);
    List<String> steps = calls.seen();
    assertThat(steps).containsExactlyElementsOf(form.steps());
    for (String step : form.killedAt()) {
      live = killed(form, site, live, step, When.BEFORE);
    }
    killed(form, site, live, ACTIVATE, When.AFTER);
  }

  /** A zip archive is kept on disk until its end has come. */
  @Test
  void aZipThatIsHalfSpooledLeavesNothing() {
    String site = publisher.newSite();
    TestSite live = Form.ZIP.fresh();
    assertThat(Form.ZIP.publish(site, live).status()).isEqualTo(201);
    var random = TestSite.random(7, 40, 60_000);
    byte[] archive = random.zip();
    var half =
        new SequenceInputStream(
            new ByteArrayInputStream(archive, 0, archive.length / 2),
            new InputStream() {
              @Override
              public int read() throws IOException {
                await().until(() -> spooled().stream().anyMatch(file -> file.length() > 0));
                service.kill();
                throw new EOFException("killed");
              }

              @Override
              public int read(byte[] bytes, int from, int length) throws IOException {
                return read();
              }
            });
    assertThatThrownBy(
            () ->
                publisher.put(
                    "/v1/sites/" + site + "/deployments", BodyPublishers.ofInputStream(() -> half)))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(spooled()).isNotEmpty();
    service.restart();

    assertThat(spooled()).isEmpty();
    assertThat(shown(site)).isEqualTo(Archives.texts(live));
    assertThat(Form.ZIP.publish(site, random).status()).isEqualTo(201);
    assertThat(shown(site)).isEqualTo(Archives.texts(random));
    assertThat(spooled()).isEmpty();
  }

  /** The archives on disk. */
  private static List<File> spooled() {
    try (Stream<Path> files = Files.walk(spool)) {
      return files.map(Path::toFile).filter(file -> file.getName().endsWith(".zip")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Publishes new files until it is killed, looks at the site, and repeats; returns the files. */
  private static TestSite killed(Form form, String site, TestSite live, String step, When when) {
    String what = form + ", killed " + when + " " + step;
    TestSite next = form.fresh();
    calls.strikeAt(step, when, service::kill);
    try {
      form.publish(site, next);
    } catch (RuntimeException | AssertionError e) {
      // Its connection broke, as it should.
    }
    assertThat(calls.armed()).as(what + ", which it did not come to").isFalse();
    service.kill();
    calls.forget();
    service.restart();
    assertThat(spooled()).as(what).isEmpty();

    boolean old = when == When.BEFORE;
    assertThat(shown(site)).as(what).isEqualTo(Archives.texts(old ? live : next));
    Answer repeated = form.publish(site, next);
    assertThat(repeated.status()).as("%s: %s", what, repeated.text()).isIn(200, 201);
    assertThat(repeated.json().path("active").asBoolean()).as(what).isTrue();
    assertThat(shown(site)).as(what).isEqualTo(Archives.texts(next));
    return next;
  }

  /** What the site shows: path → digest. */
  private static Map<String, String> shown(String site) {
    String id = publisher.get("/v1/sites/" + site).json().path("deployment").asText();
    try {
      return Archives.untar(
          publisher.download("/v1/sites/" + site + "/deployments/" + id + "/archive"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
