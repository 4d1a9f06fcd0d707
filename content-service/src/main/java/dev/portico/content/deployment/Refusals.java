package dev.portico.content.deployment;

import dev.portico.content.blob.BlobMismatchException;
import dev.portico.content.blob.BlobStorageException;
import dev.portico.content.deployment.archive.ArchiveRejected;
import dev.portico.content.deployment.archive.SpoolFullException;
import dev.portico.content.deployment.manifest.Fault;
import dev.portico.content.deployment.manifest.InvalidManifestException;
import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import dev.portico.content.s3.BucketException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what may go wrong while a publication is read into what its sender is told. */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  /** Something that reads a request's body. */
  interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Runs it.
   *
   * @throws Problem for whatever the sender did, met, or can try again
   */
  static <T> T told(Reading<T> reading) {
    try {
      return reading.read();
    } catch (ArchiveRejected e) {
      throw problem(e);
    } catch (InvalidManifestException e) {
      throw problem(e);
    } catch (BlobMismatchException e) {
      throw Problem.unprocessable("wrong-digest", String.valueOf(e.getMessage()));
    } catch (SpoolFullException e) {
      throw Problem.of(503, "spool-full", "Try again", e.getMessage() + " Repeat the request.")
          .retryAfter(Duration.ofSeconds(10));
    } catch (BlobStorageException | BucketException e) {
      LOG.warn("a publication failed and can be repeated", e);
      throw Problem.of(
              503,
              "storage-unavailable",
              "Try again",
              "Storing the files failed. Repeat the request.")
          .retryAfter(Duration.ofSeconds(2));
    } catch (IOException e) {
      if (!ofBody(e)) {
        throw new UncheckedIOException(e);
      }
      // Mostly nobody is left to hear this.
      LOG.info("a publication's body ended early: {}", e.toString());
      throw Problem.of(
          400,
          "incomplete-body",
          "The request is not complete",
          "The body ended before it was complete. Repeat the request.");
    }
  }

  /** Parsers and decompressors wrap what their stream throws; ends of streams are the sender's. */
  private static boolean ofBody(Throwable e) {
    for (Throwable at = e; at != null; at = at.getCause()) {
      if (at instanceof RequestStream.Incomplete || at instanceof EOFException) {
        return true;
      }
    }
    return false;
  }

  private static Problem problem(ArchiveRejected e) {
    String entry = e.entry();
    Problem problem =
        Problem.of(
            e.rule().status(),
            "archive-" + e.rule().code(),
            "The archive cannot be published",
            String.valueOf(e.getMessage()));
    return entry == null ? problem : problem.field(entry, String.valueOf(e.getMessage()));
  }

  private static Problem problem(InvalidManifestException e) {
    List<FieldError> errors = e.faults().stream().map(Refusals::error).toList();
    return switch (e.kind()) {
      case MALFORMED ->
          Problem.of(
              400,
              "malformed-json",
              "The request's JSON is not valid",
              e.faults().getFirst().reason());
      case INVALID -> {
        Problem problem =
            Problem.unprocessable(
                "invalid-manifest", "The manifest cannot be published. See errors.");
        for (FieldError error : errors) {
          problem = problem.field(error.field(), error.reason());
        }
        yield problem;
      }
      case TOO_LARGE -> {
        FieldError error = errors.getFirst();
        yield Problem.tooLarge("The deployment is too large: " + error.reason() + ".")
            .field(error.field(), error.reason());
      }
    };
  }

  private static FieldError error(Fault fault) {
    return new FieldError(fault.field(), fault.reason());
  }
}
