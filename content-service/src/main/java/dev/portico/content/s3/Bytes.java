package dev.portico.content.s3;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * A part of an array, sent without copying it.
 *
 * @param array where the bytes are; not changed by anybody until they are sent
 * @param offset of the first byte
 * @param length number of bytes
 */
@SuppressWarnings("ArrayRecordComponent") // a view of somebody's buffer, never compared
public record Bytes(byte[] array, int offset, int length) {
  /** All of an array. */
  public static Bytes of(byte[] array) {
    return new Bytes(array, 0, array.length);
  }

  InputStream stream() {
    return new ByteArrayInputStream(array, offset, length);
  }
}
