package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CacheTags;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.cache.semantics.VaryRule;
import dev.portico.gateway.exchange.ResponseHead;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A stored response as bytes: a preamble, what is known of it, its body. The preamble says what
 * format it is, how long the two are, and their CRC32C; the second sum covers the preamble too.
 *
 * <pre>
 * 8 magic and version | 4 length of what is known | 4 length of the body | 4 sum of the body
 * | 4 sum of all before and of what is known | what is known | body
 * </pre>
 */
final class RecordFormat {
  /** Bytes of the preamble. */
  static final int PREAMBLE = 24;

  /** More is not known of any response: heads are limited where they come in. */
  static final int MOST_KNOWN = 1 << 20;

  /** The last byte is the version: what another one has written is dropped. */
  private static final long MAGIC = 0x506f727469636f02L;

  private static final int SUMMED = PREAMBLE - Integer.BYTES;

  private RecordFormat() {}

  /** The bytes are not what was written, or of another version. */
  static final class CorruptRecordException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptRecordException(String what) {
      super(what);
    }
  }

  /**
   * What the preamble says.
   *
   * @param known bytes of what is known
   * @param body bytes of the body
   * @param bodySum CRC32C of the body
   */
  record Preamble(int known, int body, int bodySum) {
    /** Bytes of all. */
    long total() {
      return (long) PREAMBLE + known + body;
    }
  }

  /**
   * All but the body.
   *
   * @param key under which it is stored
   * @param storing what decides on its reuse, fields and tags
   * @param head what viewers get
   * @param sliceSize of a response in slices; 0 for others
   */
  record Known(CacheKey key, Storing.Store storing, ResponseHead head, int sliceSize) {
    /** The response that this is of. */
    StoredEntry entry(StoredResponse response, SharedBytes body) {
      Storing.Store stored = new Storing.Store(storing.fields(), response, false, storing.tags());
      return StoredEntry.again(stored, head, body, sliceSize);
    }
  }

  /** Preamble and what is known; the body follows them as it is. */
  static ByteBuffer encode(CacheKey key, StoredEntry entry, ByteBuffer[] body) {
    Out out = new Out();
    out.bytes(key.toBytes());
    out.response(entry.response());
    out.flag(entry.tags().complete());
    out.texts(entry.tags().tags());
    out.texts(lines(entry.fields()::forEach));
    out.number(entry.head().status());
    out.texts(lines(entry.head()::forEach));
    out.number(entry.sliceSize());
    byte[] known = out.toBytes();
    CRC32C bodySum = new CRC32C();
    int length = 0;
    for (ByteBuffer part : body) {
      length += part.remaining();
      bodySum.update(part.duplicate());
    }
    ByteBuffer bytes = ByteBuffer.allocate(PREAMBLE + known.length);
    bytes.putLong(MAGIC).putInt(known.length).putInt(length).putInt((int) bodySum.getValue());
    bytes.put(PREAMBLE, known);
    bytes.putInt(sum(bytes.array(), known.length));
    return bytes.rewind();
  }

  /** Names and values in turn. */
  static List<String> lines(Consumer<BiConsumer<String, String>> fields) {
    List<String> lines = new ArrayList<>(32);
    fields.accept(
        (name, value) -> {
          lines.add(name);
          lines.add(value);
        });
    return lines;
  }

  private static int sum(byte[] preambleAndKnown, int known) {
    CRC32C sum = new CRC32C();
    sum.update(preambleAndKnown, 0, SUMMED);
    sum.update(preambleAndKnown, PREAMBLE, known);
    return (int) sum.getValue();
  }

  /**
   * Reads a preamble, not yet compared with its sum.
   *
   * @param file bytes that the whole file has
   */
  static Preamble preamble(ByteBuffer bytes, long file) throws CorruptRecordException {
    if (bytes.getLong(0) != MAGIC) {
      throw new CorruptRecordException("another format");
    }
    Preamble preamble = new Preamble(bytes.getInt(8), bytes.getInt(12), bytes.getInt(16));
    if (preamble.known() < 0
        || preamble.known() > MOST_KNOWN
        || preamble.body() < 0
        || preamble.total() != file) {
      throw new CorruptRecordException("another length");
    }
    return preamble;
  }

  /** Reads what is known; preamble and it, whole. */
  static Known known(byte[] preambleAndKnown) throws CorruptRecordException {
    ByteBuffer bytes = ByteBuffer.wrap(preambleAndKnown);
    if (bytes.getInt(SUMMED) != sum(preambleAndKnown, preambleAndKnown.length - PREAMBLE)) {
      throw new CorruptRecordException("what is known of it has another sum");
    }
    bytes.position(PREAMBLE);
    try {
      return known(bytes);
    } catch (BufferUnderflowException | IllegalArgumentException | NegativeArraySizeException e) {
      throw new CorruptRecordException("what is known of it cannot be read: " + e);
    }
  }

  private static Known known(ByteBuffer bytes) {
    CacheKey key = CacheKey.of(bytes(bytes));
    StoredResponse response = response(bytes);
    boolean complete = flag(bytes);
    List<String> tagged = texts(bytes);
    CacheTags tags =
        complete && tagged.isEmpty() ? CacheTags.NONE : new CacheTags(tagged, complete);
    FieldList fields = FieldList.of(texts(bytes).toArray(String[]::new));
    ResponseHead.Builder head = ResponseHead.of(bytes.getInt());
    FieldList.of(texts(bytes).toArray(String[]::new)).forEach(head::add);
    Storing.Store storing = new Storing.Store(fields, response, false, tags);
    return new Known(key, storing, head.build(), bytes.getInt());
  }

  /** Refuses a body that is not the one that was written. */
  static void check(Preamble preamble, ByteBuffer body) throws CorruptRecordException {
    CRC32C sum = new CRC32C();
    sum.update(body);
    if ((int) sum.getValue() != preamble.bodySum()) {
      throw new CorruptRecordException("its body has another sum");
    }
  }

  private static StoredResponse response(ByteBuffer bytes) {
    int status = bytes.getInt();
    long[] numbers = new long[8];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getLong();
    }
    boolean mustRevalidate = flag(bytes);
    boolean immutable = flag(bytes);
    boolean dateShared = flag(bytes);
    String etag = flag(bytes) ? text(bytes) : null;
    VaryRule vary = VaryRule.ofNames(texts(bytes));
    return new StoredResponse(
        status,
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        numbers[7],
        mustRevalidate,
        immutable,
        dateShared,
        etag,
        vary,
        text(bytes));
  }

  private static boolean flag(ByteBuffer bytes) {
    return bytes.get() != 0;
  }

  private static byte[] bytes(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] read = new byte[length];
    bytes.get(read);
    return read;
  }

  private static String text(ByteBuffer bytes) {
    return new String(bytes(bytes), StandardCharsets.UTF_8);
  }

  private static List<String> texts(ByteBuffer bytes) {
    int count = bytes.getInt();
    if (count > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    String[] texts = new String[count];
    Arrays.setAll(texts, i -> text(bytes));
    return List.of(texts);
  }

  /** Writes what {@link RecordFormat} reads. */
  private static final class Out {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final DataOutputStream data = new DataOutputStream(bytes);

    private interface Writing {
      void write(DataOutputStream data) throws IOException;
    }

    private void write(Writing writing) {
      try {
        writing.write(data);
      } catch (IOException e) {
        throw new IllegalStateException("memory does not fail", e);
      }
    }

    void number(int value) {
      write(to -> to.writeInt(value));
    }

    void flag(boolean value) {
      write(to -> to.writeBoolean(value));
    }

    void bytes(byte[] value) {
      number(value.length);
      write(to -> to.write(value));
    }

    void text(String value) {
      bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    void texts(List<String> values) {
      number(values.size());
      values.forEach(this::text);
    }

    void response(StoredResponse of) {
      number(of.status());
      long[] numbers = {
        of.generatedAt(),
        of.date(),
        of.freshUntil(),
        of.staleWhileRevalidateUntil(),
        of.staleIfErrorUntil(),
        of.lastModified(),
        of.askAgainAt(),
        of.size()
      };
      for (long value : numbers) {
        write(to -> to.writeLong(value));
      }
      flag(of.mustRevalidate());
      flag(of.immutable());
      flag(of.dateShared());
      String etag = of.etag();
      flag(etag != null);
      if (etag != null) {
        text(etag);
      }
      texts(of.vary().names());
      text(of.variant());
    }

    byte[] toBytes() {
      return bytes.toByteArray();
    }
  }
}
