package dev.portico.content.blob;

import dev.portico.content.dynamodb.Condition;
import dev.portico.content.dynamodb.Table;
import dev.portico.content.dynamodb.Write;
import dev.portico.content.s3.Bytes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the variants of blobs, and stores those of many blobs together. */
@Singleton
final class VariantMaker {
  private final BlobRecords records;
  private final Packs packs;
  private final Table table;
  private final VariantSettings settings;

  VariantMaker(BlobRecords records, Packs packs, Table table, VariantSettings settings) {
    this.records = records;
    this.packs = packs;
    this.table = table;
    this.settings = settings;
  }

  /**
   * Variants that are made and not stored yet.
   *
   * @param record of the blob
   * @param forms those that are worth keeping, perhaps none
   */
  record Made(BlobRecord record, Map<Coding, byte[]> forms) {
    long bytes() {
      return forms.values().stream().mapToLong(form -> form.length).sum();
    }
  }

  /** Makes what is missing; empty when there is nothing to do for this blob. */
  Optional<Made> make(Digest digest) {
    Optional<BlobRecord> found = records.get(digest);
    if (found.isEmpty()
        || found.get().variantsComplete()
        || found.get().size() > settings.maxSize()) {
      return Optional.empty();
    }
    BlobRecord record = found.get();
    return read(record)
        .map(
            bytes -> {
              var forms = new EnumMap<Coding, byte[]>(Coding.class);
              for (Coding coding : Coding.values()) {
                byte[] packed = coding.compress(bytes, settings);
                if (worthwhile(packed.length, record.size())) {
                  forms.put(coding, packed);
                }
              }
              return new Made(record, forms);
            });
  }

  /** Stores and records variants, all of one blob in one pack; harmless to repeat. */
  void store(Collection<Made> all) {
    var contents = new ArrayList<Pack.Content>();
    for (Made made : all) {
      made.forms()
          .forEach(
              (coding, form) ->
                  contents.add(new Pack.Content(made.record().digest(), coding, Bytes.of(form))));
    }
    List<Extent> extents = contents.isEmpty() ? List.of() : packs.write(contents);
    int next = 0;
    for (Made made : all) {
      var variants = new EnumMap<Coding, Extent>(Coding.class);
      for (Coding coding : made.forms().keySet()) {
        variants.put(coding, extents.get(next++));
      }
      var update =
          Write.update(BlobRecord.key(made.record().digest()))
              .set(BlobRecord.VARIANTS_COMPLETE, true);
      if (!variants.isEmpty()) {
        update =
            update
                .set(BlobRecord.VARIANTS_OBJECT, BlobRecord.variantsObject(variants))
                .setMap(BlobRecord.VARIANTS, BlobRecord.places(variants));
      }
      // Of a blob that collection has forgotten meanwhile, no variant is recorded either.
      table.write(update.when(Condition.exists()));
    }
  }

  /** At least 5 % smaller. */
  static boolean worthwhile(long packed, long size) {
    return packed * 100 <= size * 95;
  }

  private Optional<byte[]> read(BlobRecord record) {
    try (BlobContent content = packs.open(record.extent(), null).orElse(null)) {
      return content == null
          ? Optional.empty()
          : Optional.of(content.stream().readNBytes((int) record.size()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
