package dev.portico.content.blob;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.serde.annotation.Serdeable;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;

/**
 * What is hot at a gateway (deploy/contracts/hot-blobs-report.json).
 *
 * @param gateway its id, random at each start
 * @param blobs hottest first
 */
@Serdeable
@Introspected
record HotBlobReport(
    @NotNull @Pattern(regexp = "[A-Za-z0-9._-]{1,64}") String gateway,
    @NotNull @Size(max = HotBlobs.OF_A_GATEWAY) List<@Valid HotBlob> blobs) {
  HotBlobReport {
    blobs = List.copyOf(blobs);
  }
}
