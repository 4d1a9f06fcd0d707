import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Writes a tar of files of pseudo-random bytes to standard output. Usage: java PseudoRandomTar.java
 * FILES BYTES-PER-FILE SEED
 */
class PseudoRandomTar {
  public static void main(String[] words) throws Exception {
    int files = Integer.parseInt(words[0]);
    long size = Long.parseLong(words[1]);
    var random = new SplittableRandom(Long.parseLong(words[2]));
    var block = new byte[1 << 16];
    try (var out =
        new BufferedOutputStream(
            new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out)), 1 << 20)) {
      for (int file = 0; file < files; file++) {
        out.write(header("file-%06d.bin".formatted(file), size));
        for (long left = size; left > 0; left -= block.length) {
          random.nextBytes(block);
          out.write(block, 0, (int) Math.min(left, block.length));
        }
        out.write(new byte[(int) ((512 - size % 512) % 512)]);
      }
      out.write(new byte[1024]);
    }
  }

  /** A ustar header (POSIX.1-1988). */
  static byte[] header(String name, long size) {
    var header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(size));
    put(header, 136, "%011o".formatted(0));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  static void put(byte[] header, int at, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
