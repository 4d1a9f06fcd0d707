package dev.portico.gateway.cache;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.origin.BlobFetch;
import dev.portico.gateway.origin.BlobHead;
import dev.portico.gateway.origin.BlobReceiver;
import dev.portico.gateway.routing.BlobDigest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one blob whole into direct memory and checks it: its length, and of plain bytes the SHA-256
 * too, so that what was damaged on the way or in the bucket is neither kept nor shown. Lives on one
 * event loop.
 */
final class BlobLoad implements BlobReceiver {
  private final BlobWish wish;
  private final long largest;
  private final ByteBufAllocator allocator;
  private final AtomicLong loadingBytes;
  private final BiConsumer<BlobHead, ByteBuf> done;
  private final Consumer<EdgeException> failed;
  private @Nullable BlobFetch fetch;
  private @Nullable BlobHead head;
  private @Nullable ByteBuf body;
  private @Nullable MessageDigest hash;
  private boolean over;

  /**
   * Makes a receiver.
   *
   * @param loadingBytes counts what loads under way have taken of memory
   * @param done gets the head and the bytes, which it then owns
   */
  BlobLoad(
      BlobWish wish,
      long largest,
      ByteBufAllocator allocator,
      AtomicLong loadingBytes,
      BiConsumer<BlobHead, ByteBuf> done,
      Consumer<EdgeException> failed) {
    this.wish = wish;
    this.largest = largest;
    this.allocator = allocator;
    this.loadingBytes = loadingBytes;
    this.done = done;
    this.failed = failed;
  }

  /** Says what to cancel when the answer is of no use. */
  void fetchedBy(BlobFetch running) {
    fetch = running;
  }

  @Override
  public void head(BlobHead received) {
    ContentCoding coding = ContentCoding.of(received.coding());
    boolean plain = coding == ContentCoding.IDENTITY;
    if (coding == null || (!plain && !wish.codings().contains(coding))) {
      giveUp("coding " + received.coding() + " was not asked for");
    } else if (received.length() < 0
        || received.length() > largest
        || (plain && received.length() != wish.size())) {
      giveUp("length " + received.length() + " instead of " + wish.size());
    } else {
      head = received;
      int length = (int) received.length();
      body = allocator.directBuffer(length, length);
      loadingBytes.addAndGet(length);
      hash = plain ? sha256() : null;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public void data(ByteBuf bytes) {
    try {
      ByteBuf target = body;
      if (over || target == null) {
        return;
      }
      if (bytes.readableBytes() > target.writableBytes()) {
        giveUp("more bytes than announced");
        return;
      }
      if (hash != null) {
        for (ByteBuffer part : bytes.nioBuffers()) {
          hash.update(part);
        }
      }
      target.writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void end() {
    ByteBuf bytes = body;
    BlobHead received = head;
    if (over) {
      return;
    }
    if (bytes == null || received == null || bytes.isWritable()) {
      giveUp("fewer bytes than announced");
      return;
    }
    if (hash != null && !matches(hash.digest(), wish.digest())) {
      giveUp("its bytes do not have the SHA-256 they should");
      return;
    }
    over = true;
    body = null;
    loadingBytes.addAndGet(-bytes.capacity());
    done.accept(received, bytes);
  }

  private static boolean matches(byte[] actual, BlobDigest expected) {
    return HexFormat.of().formatHex(actual).equals(expected.hex());
  }

  @Override
  public void failed(EdgeException failure) {
    if (!over) {
      finish(failure);
    }
  }

  private void giveUp(String reason) {
    BlobFetch running = fetch;
    finish(new EdgeException(EdgeError.ORIGIN_PROTOCOL, "blob " + wish.digest() + ": " + reason));
    if (running != null) {
      running.cancel();
    }
  }

  private void finish(EdgeException failure) {
    over = true;
    if (body != null) {
      loadingBytes.addAndGet(-body.capacity());
      body.release();
      body = null;
    }
    failed.accept(failure);
  }
}
