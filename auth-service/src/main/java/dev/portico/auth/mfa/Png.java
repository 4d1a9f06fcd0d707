package dev.portico.auth.mfa;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Writes pictures of two colours. The platform's own writer is in java.desktop, which the services'
 * images do without.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">PNG</a>
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private Png() {}

  /** Whether a pixel is black. */
  @FunctionalInterface
  interface Pixels {
    boolean black(int x, int y);
  }

  /** A picture of greyscale with a depth of one bit, where 1 is white. */
  static byte[] blackAndWhite(int width, int height, Pixels pixels) {
    var picture = new ByteArrayOutputStream();
    picture.writeBytes(SIGNATURE);
    // Depth 1, greyscale, and the only methods of compression, filter and interlace: none.
    chunk(
        picture,
        "IHDR",
        ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 1).array());
    chunk(picture, "IDAT", deflated(rows(width, height, pixels)));
    chunk(picture, "IEND", new byte[0]);
    return picture.toByteArray();
  }

  /** Each row begins with the number of its filter, 0 for none. */
  private static byte[] rows(int width, int height, Pixels pixels) {
    int length = 1 + (width + 7) / 8;
    var rows = new byte[height * length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (!pixels.black(x, y)) {
          rows[y * length + 1 + x / 8] |= (byte) (0x80 >> (x % 8));
        }
      }
    }
    return rows;
  }

  private static byte[] deflated(byte[] rows) {
    var deflater = new Deflater();
    try {
      deflater.setInput(rows);
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void chunk(ByteArrayOutputStream picture, String type, byte[] data) {
    var checked =
        ByteBuffer.allocate(4 + data.length)
            .put(type.getBytes(StandardCharsets.US_ASCII))
            .put(data)
            .array();
    var crc = new CRC32();
    crc.update(checked);
    picture.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    picture.writeBytes(checked);
    picture.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
