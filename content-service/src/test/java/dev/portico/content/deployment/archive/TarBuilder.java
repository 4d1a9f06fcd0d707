package dev.portico.content.deployment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Builds tar archives byte by byte, so that every lie is possible. */
final class TarBuilder {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarBuilder file(String name, String content) {
    return entry('0', name, "", content.getBytes(UTF_8));
  }

  TarBuilder file(String name, byte[] content) {
    return entry('0', name, "", content);
  }

  TarBuilder directory(String name) {
    return entry('5', name, "", new byte[0]);
  }

  TarBuilder link(String name, String target) {
    return entry('2', name, target, new byte[0]);
  }

  TarBuilder hardLink(String name, String target) {
    return entry('1', name, target, new byte[0]);
  }

  TarBuilder pax(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int bytes = rest.getBytes(UTF_8).length;
    int length = bytes;
    while (Integer.toString(length).length() + bytes != length) {
      length = Integer.toString(length).length() + bytes;
    }
    return entry('x', "PaxHeader", "", (length + rest).getBytes(UTF_8));
  }

  TarBuilder longName(String name) {
    return entry('L', "././@LongLink", "", (name + "\0").getBytes(UTF_8));
  }

  TarBuilder entry(char type, String name, String link, byte[] content) {
    return raw(header(type, name.getBytes(UTF_8), link, content.length))
        .raw(content)
        .raw(new byte[(512 - content.length % 512) % 512]);
  }

  TarBuilder raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  static byte[] header(char type, byte[] name, String link, long size) {
    byte[] block = new byte[512];
    System.arraycopy(name, 0, block, 0, Math.min(name.length, 100));
    put(block, 100, "0000644\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, String.format("%011o\0", size));
    put(block, 136, "00000000000\0");
    put(block, 148, "        ");
    block[156] = (byte) type;
    put(block, 157, link);
    put(block, 257, "ustar\00000");
    checksum(block);
    return block;
  }

  static void checksum(byte[] block) {
    put(block, 148, "        ");
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, String.format("%06o\0 ", sum));
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /** Without the end that a whole archive has. */
  byte[] unfinished() {
    return out.toByteArray();
  }

  byte[] tar() {
    byte[] bytes = new byte[out.size() + 1024];
    System.arraycopy(out.toByteArray(), 0, bytes, 0, out.size());
    return bytes;
  }

  byte[] gzip() {
    return compressed("gzip", tar());
  }

  byte[] zstd() {
    return compressed("zstd", tar());
  }

  static byte[] compressed(@Nullable String coding, byte[] bytes) {
    if (coding == null) {
      return bytes;
    }
    var packed = new ByteArrayOutputStream();
    try (OutputStream to =
        coding.equals("gzip") ? new GZIPOutputStream(packed) : new ZstdOutputStream(packed)) {
      to.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
