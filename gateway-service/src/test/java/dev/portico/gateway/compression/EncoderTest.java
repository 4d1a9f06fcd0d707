package dev.portico.gateway.compression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ContentCoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderTest {
  private static byte[] text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append("line ").append(random.nextInt(1000)).append(" of a text\n");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuf copy(byte[] bytes, int from, int length) {
    return ByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes, from, length);
  }

  private static void take(ByteArrayOutputStream all, ByteBuf made) {
    all.writeBytes(ByteBufUtil.getBytes(made));
    made.release();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void whatComesOutIsWhatWentIn(ContentCoding coding) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    assertThat(Encoder.has(coding)).isTrue();
    for (int round = 0; round < 20; round++) {
      boolean flushes = random.nextBoolean();
      byte[] plain = text(random, random.nextInt(round < 15 ? 300_000 : 3_000_000));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (Encoder encoder = new Encoder(coding, ByteBufAllocator.DEFAULT, () -> {})) {
        for (int at = 0; at < plain.length; ) {
          int length = Math.min(plain.length - at, 1 + random.nextInt(70_000));
          take(all, encoder.encode(copy(plain, at, length), flushes && random.nextBoolean()));
          at += length;
        }
        take(all, encoder.finish());
      }
      assertThat(Decoding.of(coding.token(), all.toByteArray()))
          .as("seed %d", seed)
          .isEqualTo(plain);
      if (plain.length > 10_000) {
        assertThat(all.size()).isLessThan(plain.length / 2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void whatIsFlushedComesOutAtOnce(ContentCoding coding) throws IOException {
    try (Encoder encoder = new Encoder(coding, ByteBufAllocator.DEFAULT, () -> {})) {
      ByteBuf made = encoder.encode(Unpooled.copiedBuffer("first", StandardCharsets.UTF_8), true);
      assertThat(made.isReadable()).isTrue();
      made.release();
    }
  }

  /** Closing gives everything up; a leak fails the build. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IDENTITY")
  void whatIsGivenUpHoldsNothing(ContentCoding coding) throws IOException {
    AtomicInteger given = new AtomicInteger();
    for (int i = 0; i < 100; i++) {
      Encoder encoder = new Encoder(coding, ByteBufAllocator.DEFAULT, given::incrementAndGet);
      byte[] plain = text(new Random(i), 50_000);
      encoder.encode(copy(plain, 0, plain.length), false).release();
      encoder.close();
      encoder.close();
      assertThat(given).hasValue(i + 1);
    }
  }
}
