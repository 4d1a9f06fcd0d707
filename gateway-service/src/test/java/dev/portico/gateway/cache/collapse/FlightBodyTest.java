package dev.portico.gateway.cache.collapse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.cache.store.SharedBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlightBodyTest {
  private final AtomicLong loading = new AtomicLong();

  private FlightBody body(boolean kept, long length) {
    return new FlightBody(ByteBufAllocator.DEFAULT, loading, kept, length);
  }

  private static ByteBuf chunk(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Unpooled.directBuffer(Math.max(1, size)).writeBytes(bytes);
  }

  private static byte[] taken(ByteBuf bytes) {
    try {
      return ByteBufUtil.getBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  private static byte[] from(FlightBody body, long position) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    long at = position;
    while (at < body.end()) {
      byte[] some = taken(body.read(at, 7_000));
      all.writeBytes(some);
      at += some.length;
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void allOfAKeptBodyIsThereFromAnyPosition(boolean known) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int total = 700_000;
    FlightBody body = body(true, known ? total : -1);
    while (expected.size() < total) {
      ByteBuf chunk = chunk(random, Math.min(total - expected.size(), random.nextInt(30_000)));
      expected.writeBytes(ByteBufUtil.getBytes(chunk));
      body.append(chunk);
    }
    assertThat(loading.get()).isGreaterThanOrEqualTo(total);
    body.dropBefore(total);
    ByteBuf early = body.read(0, 10);
    for (int position : new int[] {0, 1, 16_384, 333_333, total - 1}) {
      byte[] rest = expected.toByteArray();
      assertThat(from(body, position))
          .as("seed %d", seed)
          .isEqualTo(Arrays.copyOfRange(rest, position, total));
    }
    SharedBytes sealed = Objects.requireNonNull(body.seal());
    assertThat(loading).hasValue(0);
    assertThat(from(body, 1_000)).hasSize(total - 1_000);
    body.release();
    assertThat(taken(Objects.requireNonNull(sealed.borrow()))).isEqualTo(expected.toByteArray());
    sealed.giveUp();
    assertThat(taken(early)).isEqualTo(Arrays.copyOf(expected.toByteArray(), 10));
    assertThat(sealed.borrow()).isNull();
  }

  @Test
  void whatAllHaveReadIsDroppedUnlessItIsKept() {
    Random random = new Random(1);
    FlightBody body = body(false, -1);
    ByteBuf first = chunk(random, 100);
    ByteBuf second = chunk(random, 100);
    body.append(first);
    body.append(second);
    body.dropBefore(99);
    assertThat(first.refCnt()).isEqualTo(1);
    body.dropBefore(150);
    assertThat(first.refCnt()).isZero();
    assertThat(from(body, 150)).hasSize(50);
    assertThat(loading).hasValue(0);
    body.release();
    assertThat(second.refCnt()).isZero();
  }

  @Test
  void aBodyThatOutgrewItsLimitGoesOnFromWhereItIs() {
    Random random = new Random(1);
    FlightBody body = body(true, -1);
    body.append(chunk(random, 100));
    body.pass();
    assertThat(loading).hasValue(0);
    body.append(chunk(random, 100));
    assertThat(from(body, 50)).hasSize(150);
    body.dropBefore(200);
    body.release();
  }

  /** Has memory for so many blocks. */
  private static final class Scarce extends PooledByteBufAllocator {
    private int left;

    Scarce(int blocks) {
      super(true);
      left = blocks;
    }

    @Override
    protected ByteBuf newDirectBuffer(int size, int most) {
      if (left-- == 0) {
        throw new OutOfMemoryError("no direct memory");
      }
      return super.newDirectBuffer(size, most);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void aBodyForWhichThereIsNoMemoryIsReadToItsEnd(int blocks) {
    Random random = new Random(1);
    FlightBody body = new FlightBody(new Scarce(blocks), loading, true, -1);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 4; i++) {
      ByteBuf chunk = chunk(random, 10_000);
      expected.writeBytes(ByteBufUtil.getBytes(chunk));
      body.append(chunk);
    }
    SharedBytes sealed = body.kept() ? body.seal() : null;
    assertThat(sealed == null).isEqualTo(blocks < 4);
    assertThat(body.kept()).isEqualTo(blocks == 4);
    assertThat(loading).hasValue(0);
    assertThat(from(body, 0)).isEqualTo(expected.toByteArray());
    body.release();
    if (sealed != null) {
      sealed.giveUp();
    }
  }

  @Test
  void aBodyOfKnownLengthForWhichThereIsNoMemoryIsReadToItsEnd() {
    FlightBody body = new FlightBody(new Scarce(0), loading, true, 100);
    assertThat(body.kept()).isFalse();
    body.append(chunk(new Random(1), 100));
    assertThat(from(body, 0)).hasSize(100);
    body.release();
    assertThat(loading).hasValue(0);
  }

  @Test
  void anEmptyBodyIsOne() {
    for (long length : new long[] {0, -1}) {
      FlightBody body = body(true, length);
      SharedBytes sealed = Objects.requireNonNull(body.seal());
      assertThat(sealed.length()).isZero();
      body.release();
      sealed.giveUp();
    }
    assertThat(loading).hasValue(0);
  }
}
