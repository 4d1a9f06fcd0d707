package dev.portico.gateway.site;

import com.fasterxml.jackson.core.JsonParser;
import dev.portico.gateway.cache.HotBlob;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.routing.BlobDigest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes deploy/contracts/hot-blobs-report.json and reads deploy/contracts/hot-blobs.json. */
final class HotBlobsJson {
  private static final Logger LOG = LoggerFactory.getLogger(HotBlobsJson.class);

  private HotBlobsJson() {}

  static byte[] report(String gateway, List<HotBlob> blobs) {
    return ContractJson.written(
        json -> {
          json.writeStringField("gateway", gateway);
          json.writeArrayFieldStart("blobs");
          for (HotBlob blob : blobs) {
            json.writeStartObject();
            json.writeStringField("sha256", blob.digest().hex());
            json.writeStringField("coding", blob.coding().token());
            json.writeNumberField("size", blob.size());
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  /** Those of the list that this release understands. */
  static List<HotBlob> list(InputStream body) throws IOException {
    List<HotBlob> blobs = new ArrayList<>();
    ContractJson.document(
        body,
        (name, value) -> {
          if (name.equals("blobs")) {
            ContractJson.array(value, () -> read(value, blobs));
          } else {
            value.skipChildren();
          }
        });
    return blobs;
  }

  private static void read(JsonParser json, List<HotBlob> blobs) throws IOException {
    @Nullable String[] texts = new String[2];
    long[] size = {-1};
    ContractJson.object(
        json,
        (name, value) -> {
          switch (name) {
            case "sha256" -> texts[0] = ContractJson.text(value);
            case "coding" -> texts[1] = ContractJson.text(value);
            case "size" -> size[0] = value.getLongValue();
            default -> value.skipChildren();
          }
        });
    ContentCoding coding = texts[1] == null ? null : ContentCoding.of(texts[1]);
    if (texts[0] == null || coding == null || size[0] < 0) {
      LOG.debug("a hot blob is passed over: {} {} {}", texts[0], texts[1], size[0]);
      return;
    }
    try {
      blobs.add(new HotBlob(BlobDigest.parse(texts[0]), coding, size[0]));
    } catch (IllegalArgumentException e) {
      LOG.debug("a hot blob is passed over: {}", texts[0], e);
    }
  }
}
