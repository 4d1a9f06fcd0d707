package dev.portico.content.blob;

import dev.portico.content.blob.BlobRecord.State;
import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.s3.Bucket;
import dev.portico.content.s3.Bytes;
import dev.portico.content.s3.OpenObject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes the variants of one blob. */
@Singleton
final class VariantMaker {
  private static final String TYPE = "application/octet-stream";

  private final Bucket bucket;
  private final BlobRecords records;
  private final Table table;
  private final VariantSettings settings;

  VariantMaker(Bucket bucket, BlobRecords records, Table table, VariantSettings settings) {
    this.bucket = bucket;
    this.records = records;
    this.table = table;
    this.settings = settings;
  }

  /** Makes and records what is missing; harmless to repeat. */
  void make(Digest digest) {
    Optional<BlobRecord> found = records.get(digest);
    if (found.isEmpty() || !found.get().usable() || found.get().variantsComplete()) {
      return;
    }
    BlobRecord record = found.get();
    if (record.size() > settings.maxSize()) {
      return;
    }
    Optional<byte[]> bytes = read(record);
    if (bytes.isEmpty()) {
      return;
    }
    Map<String, String> variants = new LinkedHashMap<>();
    for (Coding coding : Coding.values()) {
      byte[] packed = coding.compress(bytes.get(), settings);
      if (worthwhile(packed.length, record.size())) {
        bucket.put(record.key() + coding.suffix(), Bytes.of(packed), TYPE);
        variants.put(coding.token(), Integer.toString(packed.length));
      }
    }
    // Objects beside a blob that collection has marked meanwhile go with it.
    table.write(
        Write.update(BlobRecord.key(digest))
            .setMap(BlobRecord.VARIANTS, variants)
            .set(BlobRecord.VARIANTS_COMPLETE, true)
            .when(
                Condition.and(
                    Condition.equal(BlobRecord.STATE, State.STORED.value()),
                    Condition.equal(BlobRecord.OBJECT, record.key()))));
  }

  /** At least 5 % smaller. */
  static boolean worthwhile(long packed, long size) {
    return packed * 100 <= size * 95;
  }

  private Optional<byte[]> read(BlobRecord record) {
    try (OpenObject object = bucket.get(record.key()).orElse(null)) {
      if (object == null) {
        return Optional.empty();
      }
      return Optional.of(object.stream().readNBytes((int) record.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
