package dev.portico.content.blob;

/**
 * A run of bytes in an object of the bucket: a blob, or a variant of one.
 *
 * @param object key of the object
 * @param offset position of the first byte, from 0
 * @param length number of bytes
 */
record Extent(String object, long offset, long length) {
  Extent {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("extent " + offset + "+" + length + " of " + object);
    }
  }

  /** All of an object. */
  static Extent whole(String object, long length) {
    return new Extent(object, 0, length);
  }
}
