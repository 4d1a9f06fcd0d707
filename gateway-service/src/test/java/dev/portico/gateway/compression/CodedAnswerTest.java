package dev.portico.gateway.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.error.EdgeException;
import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.origin.HttpOrigin;
import dev.portico.gateway.origin.OriginListener;
import dev.portico.gateway.origin.OriginRequest;
import dev.portico.gateway.origin.Target;
import dev.portico.gateway.origin.wire.BodyFraming;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be compressed ends in a failure that is told, whatever it is. */
class CodedAnswerTest {
  private static final int LENGTH = 100;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  @AfterEach
  void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static OriginRequest request() {
    HttpOrigin origin =
        new HttpOrigin(
            "app",
            false,
            "127.0.0.1",
            1,
            "",
            false,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            1,
            List.of(),
            true,
            new HttpOrigin.Breaker(1, Duration.ZERO),
            null,
            null);
    return OriginRequest.of(Target.of(origin), "GET", "/", new DefaultHttpHeaders(), 0);
  }

  /** Bytes that no memory is left for. */
  private static final class Unreadable extends UnpooledHeapByteBuf {
    Unreadable() {
      super(UnpooledByteBufAllocator.DEFAULT, LENGTH, LENGTH);
      writeZero(LENGTH);
    }

    @Override
    public ByteBuf readBytes(OutputStream out, int length) {
      throw new OutOfMemoryError("of a test");
    }
  }

  /** Bytes that know who has read them. */
  private static final class Watched extends UnpooledHeapByteBuf {
    private final CompletableFuture<Thread> reader = new CompletableFuture<>();

    Watched() {
      super(UnpooledByteBufAllocator.DEFAULT, LENGTH, LENGTH);
      writeZero(LENGTH);
    }

    @Override
    public ByteBuf readBytes(OutputStream out, int length) throws IOException {
      reader.complete(Thread.currentThread());
      return super.readBytes(out, length);
    }
  }

  private static class Told implements OriginListener {
    private final CompletableFuture<EdgeException> failure = new CompletableFuture<>();

    @Override
    public void head(int status, HeaderFields headers, long length, BodyFraming framing) {}

    @Override
    public void data(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void end(HeaderFields trailers) {
      failure.completeExceptionally(new AssertionError("an end"));
    }

    @Override
    public void failed(EdgeException cause) {
      failure.complete(cause);
    }
  }

  @SuppressWarnings("NullAway") // Nobody is asked here.
  private static Compressor compressor() {
    return new Compressor(null);
  }

  /** On the event loop, elsewhere. */
  @ParameterizedTest
  @ValueSource(longs = {2_000, 900_000})
  void errorsAreToldLikeExceptions(long length) throws Exception {
    Compressor compressor = compressor();
    EventLoop loop = loops.next();
    Told told = new Told();
    ByteBuf first = Unpooled.buffer(LENGTH).writeZero(LENGTH);
    ByteBuf broken = new Unreadable();
    ByteBuf last = Unpooled.buffer(LENGTH).writeZero(LENGTH);
    CodedAnswer answer = new CodedAnswer(compressor, request(), ContentCoding.BR, loop, told);
    loop.execute(
        () -> {
          FieldList fields = FieldList.of("Content-Type", "text/plain");
          answer.head(200, fields, length, BodyFraming.CHUNKED);
          answer.data(first);
          answer.data(broken);
          answer.data(last);
          answer.end(HeaderFields.NONE);
        });
    EdgeException failure = told.failure.get(10, TimeUnit.SECONDS);
    assertThat(failure.error()).isEqualTo(EdgeError.INTERNAL);
    assertThat(failure.getCause()).isInstanceOf(OutOfMemoryError.class);
    // The failure is told before what comes after it is there.
    await().until(() -> List.of(first, broken, last).stream().allMatch(b -> b.refCnt() == 0));
    compressor.close();
  }

  /** A large body would keep all others waiting who are on the same event loop. */
  @ParameterizedTest
  @CsvSource({"16384,true", "16385,false", "-1,false"})
  void whatIsNotSmallIsCompressedOffTheEventLoop(long length, boolean onLoop) throws Exception {
    Compressor compressor = compressor();
    EventLoop loop = loops.next();
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    Told told =
        new Told() {
          @Override
          public void end(HeaderFields trailers) {
            ended.complete(loop.inEventLoop());
          }
        };
    Watched bytes = new Watched();
    CodedAnswer answer = new CodedAnswer(compressor, request(), ContentCoding.BR, loop, told);
    loop.execute(
        () -> {
          FieldList fields = FieldList.of("Content-Type", "text/plain");
          answer.head(200, fields, length, BodyFraming.CHUNKED);
          answer.data(bytes);
          answer.end(HeaderFields.NONE);
        });
    assertThat(ended.get(10, TimeUnit.SECONDS)).as("told on the event loop").isTrue();
    Thread reader = bytes.reader.get(10, TimeUnit.SECONDS);
    assertThat(loop.inEventLoop(reader)).as(reader.getName()).isEqualTo(onLoop);
    assertThat(reader.getName().startsWith("compression-")).isEqualTo(!onLoop);
    compressor.close();
  }

  /** Whoever stores it is to know that it could be better. */
  @Test
  void whatFindsNoRoomSaysSo() {
    Compressor compressor = compressor();
    for (int i = 0; i < Compressor.MOST_AT_ONCE; i++) {
      assertThat(compressor.enter()).isTrue();
    }
    assertThat(uncoded(compressor, "text/plain", 2_000)).isTrue();
    assertThat(uncoded(compressor, "image/png", 2_000)).isFalse();
    compressor.leave();
    assertThat(uncoded(compressor, "text/plain", 2_000)).isFalse();
    compressor.close();
  }

  /** Nobody is to wait until others have been compressed. */
  @Test
  void whatWouldWaitForLongIsSentPlain() {
    Compressor compressor = compressor();
    CountDownLatch gate = new CountDownLatch(1);
    while (!compressor.isBusy()) {
      assertThat(uncoded(compressor, "text/plain", 900_000)).isFalse();
      compressor.execute(
          () -> {
            try {
              gate.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    assertThat(uncoded(compressor, "text/plain", 900_000)).isTrue();
    assertThat(uncoded(compressor, "text/plain", -1)).isTrue();
    assertThat(uncoded(compressor, "text/plain", 2_000)).as("on the event loop").isFalse();
    gate.countDown();
    await().until(() -> !uncoded(compressor, "text/plain", 900_000));
    compressor.close();
  }

  private boolean uncoded(Compressor compressor, String type, long length) {
    AtomicBoolean uncoded = new AtomicBoolean();
    Told told =
        new Told() {
          @Override
          public void uncoded() {
            uncoded.set(true);
          }
        };
    CodedAnswer answer =
        new CodedAnswer(compressor, request(), ContentCoding.BR, loops.next(), told);
    answer.head(200, FieldList.of("Content-Type", type), length, BodyFraming.CHUNKED);
    answer.failed(new EdgeException(EdgeError.ORIGIN_CLOSED, "enough"));
    return uncoded.get();
  }
}
