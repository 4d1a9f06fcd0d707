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
  BR("br", ".br") {
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
  ZSTD("zstd", ".zst") {
    @Override
    byte[] compress(byte[] bytes, VariantSettings settings) {
      return Zstd.compress(bytes, settings.zstdLevel());
    }
  },
  GZIP("gzip", ".gz") {
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
  private final String suffix;

  Coding(String token, String suffix) {
    this.token = token;
    this.suffix = suffix;
  }

  /** As it is written in Accept-Encoding and Content-Encoding. */
  String token() {
    return token;
  }

  /** The end of the variant's key. */
  String suffix() {
    return suffix;
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
