package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.RequestBody;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;

/**
 * When a body comes too slowly: a body timeout of 10 s, so periods of 20, at 100 bytes a second.
 */
class IncomingBodyTest {
  private static final long SECOND = 1_000_000_000;
  private static final RequestBody ANYBODY =
      new RequestBody() {
        @Override
        public void data(ByteBuf bytes) {
          bytes.release();
        }

        @Override
        public void end(HeaderFields trailers) {}

        @Override
        public void broken(boolean tooSlow) {}
      };

  private final IncomingBody body = IncomingBody.of(-1, LoopsFixture.settings(1), 0);

  private boolean trickles(long second) {
    return body.trickles(second * SECOND, false);
  }

  /** One byte just before the silence would be noticed. */
  private void drips(int from, int to) {
    for (int second = from; second <= to; second += 9) {
      body.moved(1, second * SECOND);
      assertThat(body.silence(second * SECOND, false)).isZero();
    }
  }

  @Test
  void aByteNowAndThenIsNoSilenceAndStillTooSlow() {
    body.receive(ANYBODY, 0);
    drips(9, 18);
    assertThat(trickles(19)).as("not before a whole period").isFalse();
    assertThat(trickles(20)).isTrue();
  }

  @Test
  void theLeastRateWillDo() {
    body.receive(ANYBODY, 0);
    for (int second = 1; second <= 100; second++) {
      body.moved(100, second * SECOND);
      assertThat(trickles(second)).as("after %d s", second).isFalse();
    }
  }

  /** Half a period of nothing, as long as the body timeout allows, and then twice the rate. */
  @Test
  void whoPausesCanMakeUpForIt() {
    body.receive(ANYBODY, 0);
    for (int period = 0; period < 5; period++) {
      body.moved(2_000, (20 * period + 19) * SECOND);
      assertThat(trickles(20 * period + 20)).isFalse();
    }
  }

  /** It is not the viewer who keeps the origin waiting. */
  @Test
  void whileNothingIsReadNothingCounts() {
    assertThat(trickles(1_000)).as("nobody receives it").isFalse();
    body.receive(ANYBODY, 1_000 * SECOND);
    assertThat(trickles(1_019)).as("a period begins with whoever receives it").isFalse();
    body.pause();
    assertThat(trickles(1_030)).isFalse();
    body.resume(1_040 * SECOND);
    assertThat(trickles(1_059)).as("and with reading on").isFalse();
    body.resume(1_059 * SECOND);
    assertThat(trickles(1_060)).as("but not with what changes nothing").isTrue();
  }

  @Test
  void neitherTunnelsNorWhatIsOverCount() {
    body.receive(ANYBODY, 0);
    body.becomeTunnel();
    assertThat(trickles(20)).isFalse();
    IncomingBody complete = IncomingBody.of(-1, LoopsFixture.settings(1), 0);
    complete.receive(ANYBODY, 0);
    complete.completed(HeaderFields.NONE, true);
    assertThat(complete.trickles(20 * SECOND, true)).isFalse();
    IncomingBody broken = IncomingBody.of(-1, LoopsFixture.settings(1), 0);
    broken.receive(ANYBODY, 0);
    broken.breaks();
    assertThat(broken.trickles(20 * SECOND, true)).isFalse();
    IncomingBody none = IncomingBody.of(0, LoopsFixture.settings(1), 0);
    none.receive(ANYBODY, 0);
    assertThat(none.trickles(20 * SECOND, true)).isFalse();
  }

  /** What nobody wants is read to its end, and that must come too. */
  @Test
  void theRestOfABodyThatIsReadForNobodyCounts() {
    body.awaited(0);
    assertThat(body.trickles(20 * SECOND, false)).isFalse();
    assertThat(body.trickles(20 * SECOND, true)).isTrue();
  }
}
