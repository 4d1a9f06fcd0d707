package dev.portico.content.blob;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What is hot at gateways (deploy/contracts/hot-blobs.json).
 *
 * @param blobs hottest first
 */
@Serdeable
record HotBlobList(List<HotBlob> blobs) {
  HotBlobList {
    blobs = List.copyOf(blobs);
  }
}
