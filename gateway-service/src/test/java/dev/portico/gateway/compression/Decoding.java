package dev.portico.gateway.compression;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Content codings undone. */
public final class Decoding {
  private Decoding() {}

  /**
   * The plain bytes.
   *
   * @param coding as Content-Encoding says it; empty for none
   */
  public static byte[] of(String coding, byte[] bytes) throws IOException {
    try (InputStream plain = stream(coding, new ByteArrayInputStream(bytes))) {
      return plain.readAllBytes();
    }
  }

  private static InputStream stream(String coding, InputStream coded) throws IOException {
    return switch (coding) {
      case "br" -> new BrotliInputStream(coded);
      case "zstd" -> new ZstdInputStreamNoFinalizer(coded);
      case "gzip" -> new GZIPInputStream(coded);
      case "" -> coded;
      default -> throw new IOException("no coding " + coding);
    };
  }
}
