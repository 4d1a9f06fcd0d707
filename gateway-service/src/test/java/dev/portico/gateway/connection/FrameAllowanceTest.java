package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.fixture.RawHttp2Client;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameAllowanceTest {
  private static final byte[] PREFACE = new byte[24];
  private static final long WINDOW = 1_000_000_000L;
  private long now = System.nanoTime();

  private FrameAllowance allowance(int most) {
    FrameAllowance allowance = new FrameAllowance(most, WINDOW);
    now = System.nanoTime();
    read(allowance, PREFACE);
    return allowance;
  }

  private void read(FrameAllowance allowance, byte[] bytes) {
    allowance.read(Unpooled.wrappedBuffer(bytes), now);
  }

  private void read(FrameAllowance allowance, int type, int flags, int length) {
    read(allowance, RawHttp2Client.frame(type, flags, 1, new byte[length]));
  }

  @Test
  void countsWhatBringsNothing() {
    for (int type : new int[] {2, 4, 5, 6, 7, 8, 9, 0xee}) {
      FrameAllowance allowance = allowance(3);
      for (int i = 0; i < 3; i++) {
        read(allowance, type, 0, 8);
        assertThat(allowance.exceeded()).isFalse();
      }
      read(allowance, type, 0, 8);
      assertThat(allowance.exceeded()).as("type %d", type).isTrue();
    }
  }

  @Test
  void emptyDataBringsNothingUnlessItIsTheEnd() {
    FrameAllowance allowance = allowance(1);
    for (int i = 0; i < 10; i++) {
      read(allowance, RawHttp2Client.DATA, 0, 1);
      read(allowance, RawHttp2Client.DATA, RawHttp2Client.END_STREAM, 0);
      read(allowance, RawHttp2Client.RST_STREAM, 0, 4);
    }
    read(allowance, RawHttp2Client.DATA, 0, 0);
    assertThat(allowance.exceeded()).isFalse();
    read(allowance, RawHttp2Client.DATA, 0, 0);
    assertThat(allowance.exceeded()).isTrue();
  }

  @Test
  void requestsEarnSomeBack() {
    FrameAllowance allowance = allowance(4);
    for (int i = 0; i < 100; i++) {
      read(allowance, RawHttp2Client.HEADERS, 0, 20);
      read(allowance, RawHttp2Client.WINDOW_UPDATE, 0, 4);
      read(allowance, RawHttp2Client.PING, 0, 8);
    }
    assertThat(allowance.exceeded()).isFalse();
  }

  @Test
  void countsAnewInEachWindow() {
    FrameAllowance allowance = allowance(2);
    for (int i = 0; i < 10; i++) {
      read(allowance, RawHttp2Client.PING, 0, 8);
      read(allowance, RawHttp2Client.PING, 0, 8);
      now += WINDOW + 1;
    }
    assertThat(allowance.exceeded()).isFalse();
    read(allowance, RawHttp2Client.PING, 0, 8);
    read(allowance, RawHttp2Client.PING, 0, 8);
    read(allowance, RawHttp2Client.PING, 0, 8);
    assertThat(allowance.exceeded()).isTrue();
  }

  /** Frames lie across reads as they like. */
  @Test
  void piecesMakeNoDifference() {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      ByteBuf all = Unpooled.buffer().writeBytes(PREFACE);
      int control = 0;
      for (int i = 0; i < 50; i++) {
        int type = random.nextInt(10);
        int length = 1 + random.nextInt(40);
        all.writeBytes(RawHttp2Client.frame(type, 0, 1, new byte[length]));
        boolean free = type == 0 || type == 1 || type == 3;
        control += free ? 0 : 1;
      }
      for (int most : new int[] {0, control}) {
        FrameAllowance allowance = new FrameAllowance(most, Long.MAX_VALUE);
        ByteBuf rest = all.duplicate();
        while (rest.isReadable()) {
          int piece = Math.min(rest.readableBytes(), 1 + random.nextInt(30));
          allowance.read(rest.readSlice(piece), now);
        }
        assertThat(allowance.exceeded()).as("seed %d", seed).isEqualTo(most < control && most == 0);
      }
    }
  }
}
