package dev.portico.gateway.compression;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder.Parameters;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import dev.portico.gateway.exchange.ContentCoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses one body, piece by piece, as hard as pays while somebody waits. Used by one thread at
 * a time; holds memory of its own until it is closed.
 */
final class Encoder implements AutoCloseable {
  /** Of 0 to 11; 11 takes a hundred times as long for a tenth less. */
  static final int BROTLI_QUALITY = 4;

  /** Its window as a power of two: 512 KiB, in which most texts lie as a whole. */
  static final int BROTLI_WINDOW = 19;

  /** Of 1 to 22. */
  static final int ZSTD_LEVEL = 3;

  /** Its window as a power of two; that of the level would be 2 MiB, for each body on its way. */
  static final int ZSTD_WINDOW = 19;

  /** Of 1 to 9. */
  static final int GZIP_LEVEL = 6;

  /**
   * So many bytes, and one piece, wait in an encoder at most: brotli4j has lost the end of a body
   * of 900 KB that was never flushed.
   */
  static final int MOST_UNFLUSHED = 131_072;

  private static final int GZIP_BUFFER = 8192;

  private final Sink sink;
  private final OutputStream stream;
  private final Runnable given;
  private int unflushed;
  private boolean closed;
  private boolean over;

  /**
   * An encoder.
   *
   * @param coding any but identity
   * @param given is told once when all its memory has been given back
   * @throws IOException when it has no memory
   */
  Encoder(ContentCoding coding, ByteBufAllocator allocator, Runnable given) throws IOException {
    if (!has(coding)) {
      throw new IOException("this machine has no " + coding.token());
    }
    this.given = given;
    sink = new Sink(allocator);
    stream =
        switch (coding) {
          case BR -> new BrotliOutputStream(sink, Parameters.create(BROTLI_QUALITY, BROTLI_WINDOW));
          case ZSTD -> new ZstdOutputStreamNoFinalizer(sink, ZSTD_LEVEL).setWindowLog(ZSTD_WINDOW);
          case GZIP -> new Gzip(sink);
          case IDENTITY -> throw new IllegalArgumentException("identity is no compression");
        };
  }

  /** Whether this machine has what the coding needs. */
  static boolean has(ContentCoding coding) {
    return switch (coding) {
      case BR -> Brotli4jLoader.isAvailable();
      case ZSTD -> Zstandard.AVAILABLE;
      case GZIP, IDENTITY -> true;
    };
  }

  /** Found out once: its library is loaded at its first use, and fails with an Error. */
  private static final class Zstandard {
    static final boolean AVAILABLE = isAvailable();

    private static boolean isAvailable() {
      try {
        Native.load();
        return true;
      } catch (LinkageError e) {
        return false;
      }
    }
  }

  /**
   * Takes some of the body.
   *
   * @param bytes its ownership passes
   * @param flush whether all that is known by now must come out
   * @return what comes out, perhaps nothing; its ownership passes
   */
  ByteBuf encode(ByteBuf bytes, boolean flush) throws IOException {
    try {
      int length = bytes.readableBytes();
      bytes.readBytes(stream, length);
      unflushed += length;
      if (flush || unflushed >= MOST_UNFLUSHED) {
        stream.flush();
        unflushed = 0;
      }
    } finally {
      bytes.release();
    }
    return sink.take();
  }

  /** The end of the body; closes. */
  ByteBuf finish() throws IOException {
    closed = true;
    stream.close();
    return sink.take();
  }

  /** Gives up what it holds. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        stream.close();
      } catch (Throwable e) {
        // What comes out is of no use to anybody.
      }
    }
    sink.take().release();
    if (!over) {
      over = true;
      given.run();
    }
  }

  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, GZIP_BUFFER, true);
      def.setLevel(GZIP_LEVEL);
    }
  }

  /** Collects what comes out. */
  private static final class Sink extends OutputStream {
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf collected;

    Sink(ByteBufAllocator allocator) {
      this.allocator = allocator;
    }

    private ByteBuf collected(int more) {
      ByteBuf buffer = collected;
      if (buffer == null) {
        buffer = allocator.ioBuffer(Math.max(more, GZIP_BUFFER));
        collected = buffer;
      }
      return buffer;
    }

    @Override
    public void write(int b) {
      collected(1).writeByte(b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      collected(length).writeBytes(bytes, from, length);
    }

    ByteBuf take() {
      ByteBuf taken = collected;
      collected = null;
      return taken == null ? Unpooled.EMPTY_BUFFER : taken;
    }
  }
}
