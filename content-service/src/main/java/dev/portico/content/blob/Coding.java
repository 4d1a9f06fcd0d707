package dev.portico.content.blob;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** The content codings (RFC 9110 section 8.4.1) that variants are made in. */
enum Coding {
  BR("br", 1) {
    @Override
    byte[] compress(byte[] bytes, VariantSettings settings) {
      Brotli4jLoader.ensureAvailability();
      try {
        return Encoder.compress(
            bytes, Encoder.Parameters.create(settings.brotliQuality(), settings.brotliWindow()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  },
  ZSTD("zstd", 2) {
    @Override
    byte[] compress(byte[] bytes, VariantSettings settings) {
      return Zstd.compress(bytes, settings.zstdLevel());
    }
  },
  GZIP("gzip", 3) {
    @Override
    byte[] compress(byte[] bytes, VariantSettings settings) {
      var out = new ByteArrayOutputStream(bytes.length / 2);
      try (var gzip = new BestGzip(out)) {
        gzip.write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }
  };

  private final String token;
  private final byte number;

  Coding(String token, int number) {
    this.token = token;
    this.number = (byte) number;
  }

  /** As it is written in Accept-Encoding and Content-Encoding. */
  String token() {
    return token;
  }

  /** As it is written in packs: never changed, never used for another. */
  byte number() {
    return number;
  }

  /**
   * The coding that packs write so.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Coding numbered(int number) {
    for (Coding coding : values()) {
      if (coding.number == number) {
        return coding;
      }
    }
    throw new IllegalArgumentException("no coding has the number " + number);
  }

  static Optional<Coding> of(String token) {
    for (Coding coding : values()) {
      if (coding.token.equals(token)) {
        return Optional.of(coding);
      }
    }
    return Optional.empty();
  }

  /** Compresses; settings say how hard. */
  abstract byte[] compress(byte[] bytes, VariantSettings settings);

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(ByteArrayOutputStream out) throws IOException {
      super(out, 1 << 14);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
