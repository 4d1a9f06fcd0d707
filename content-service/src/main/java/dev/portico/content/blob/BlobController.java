package dev.portico.content.blob;

import dev.portico.content.error.Problem;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.server.types.files.StreamedFile;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Hands blobs to gateways, on the internal port only (deploy/contracts/README.md). */
@Hidden
@Controller(value = "/internal/blobs", port = "${portico.internal-port}")
@ExecuteOn(TaskExecutors.BLOCKING)
class BlobController {
  private final Packs packs;
  private final BlobRecords records;

  BlobController(Packs packs, BlobRecords records) {
    this.packs = packs;
    this.records = records;
  }

  /** Answers the bytes of a blob, or of the first variant that the caller lists. */
  @Get(uri = "/{sha256}", headRoute = false) // a HEAD would leave the stream open
  HttpResponse<?> blob(
      @PathVariable String sha256,
      @Header(HttpHeaders.RANGE) @Nullable String range,
      @Header(HttpHeaders.ACCEPT_ENCODING) @Nullable String acceptEncoding) {
    BlobRecord record =
        Digest.isDigest(sha256)
            ? records.get(new Digest(sha256)).orElseThrow(BlobController::missing)
            : null;
    if (record == null) {
      throw missing();
    }
    Optional<Coding> coding = choose(record, acceptEncoding);
    Extent extent = coding.map(record.variants()::get).orElse(record.extent());
    long size = extent.length();
    RangeHeader wanted = RangeHeader.parse(range, size);
    if (wanted.unsatisfiable()) {
      return HttpResponse.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
          .header(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
    }
    BlobContent content = packs.open(extent, wanted.range()).orElseThrow(BlobController::missing);
    // A plain stream would be sent in chunks; gateways want to know the length beforehand.
    var body =
        new StreamedFile(
            content.stream(), MediaType.APPLICATION_OCTET_STREAM_TYPE, 0, content.length());
    MutableHttpResponse<StreamedFile> response =
        HttpResponse.ok(body)
            .contentType(MediaType.APPLICATION_OCTET_STREAM_TYPE)
            .header(HttpHeaders.ACCEPT_RANGES, "bytes")
            .header(
                "Portico-Variants",
                record.variants().keySet().stream()
                    .map(Coding::token)
                    .sorted()
                    .collect(Collectors.joining(", ")))
            .header("Portico-Variants-State", record.variantsComplete() ? "complete" : "pending");
    coding.ifPresent(it -> response.header(HttpHeaders.CONTENT_ENCODING, it.token()));
    ByteRange part = wanted.range();
    if (part != null) {
      response
          .status(HttpStatus.PARTIAL_CONTENT)
          .header(
              HttpHeaders.CONTENT_RANGE, "bytes " + part.first() + "-" + part.last() + "/" + size);
    }
    return response;
  }

  private static Optional<Coding> choose(BlobRecord record, @Nullable String acceptEncoding) {
    if (acceptEncoding == null) {
      return Optional.empty();
    }
    for (String part : acceptEncoding.split(",", -1)) {
      int weight = part.indexOf(';');
      String token = (weight < 0 ? part : part.substring(0, weight)).strip();
      Optional<Coding> coding = Coding.of(token).filter(record.variants()::containsKey);
      if (coding.isPresent()) {
        return coding;
      }
    }
    return Optional.empty();
  }

  private static Problem missing() {
    return Problem.notFound("The blob");
  }
}
