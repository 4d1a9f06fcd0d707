package dev.portico.gateway.origin;

import static dev.portico.gateway.origin.Retries.Next.AGAIN;
import static dev.portico.gateway.origin.Retries.Next.FRESH;
import static dev.portico.gateway.origin.Retries.Next.GIVE_UP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.origin.wire.WireFailure;
import dev.portico.gateway.origin.wire.WireFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** RFC 9110, section 9.2.2. */
class RetriesTest {
  private static Retries.Next after(Retries retries, Kind kind) {
    return retries.after(WireFailure.of(kind, ""), false, false, false);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void mustNotRepeatWhatWasPassedOn(Kind kind) {
    Retries retries = new Retries(3, true);
    assertThat(retries.after(WireFailure.of(kind, ""), true, true, true)).isEqualTo(GIVE_UP);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNANSWERED", "CLOSED", "PROTOCOL", "TIMEOUT"})
  void mustNotRepeatWhatIsNotIdempotentAndMayHaveBeenDone(Kind kind) {
    Retries retries = new Retries(3, false);
    assertThat(retries.after(WireFailure.of(kind, ""), true, false, true)).isEqualTo(GIVE_UP);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNANSWERED", "CLOSED", "PROTOCOL", "TIMEOUT", "UNREACHABLE", "UNTRUSTED"})
  void repeatsAsOftenAsTheOriginAllows(Kind kind) {
    Retries retries = new Retries(3, true);
    assertThat(after(retries, kind)).isEqualTo(AGAIN);
    assertThat(after(retries, kind)).isEqualTo(AGAIN);
    assertThat(after(retries, kind)).isEqualTo(GIVE_UP);
    assertThat(after(new Retries(1, true), kind)).isEqualTo(GIVE_UP);
  }

  @Test
  void aPooledConnectionThatWasClosedCostsNoTryOnce() {
    Retries retries = new Retries(1, true);
    WireFailure unanswered = WireFailure.of(Kind.UNANSWERED, "");
    assertThat(retries.after(unanswered, true, false, false)).isEqualTo(FRESH);
    assertThat(retries.after(unanswered, true, false, false)).isEqualTo(GIVE_UP);
  }

  @Test
  void whatWasNeverSentGoesToTheNextAddressWhateverTheMethod() {
    Retries retries = new Retries(1, false);
    WireFailure unreachable = WireFailure.of(Kind.UNREACHABLE, "");
    assertThat(retries.after(unreachable, false, false, true)).isEqualTo(AGAIN);
    assertThat(retries.after(unreachable, false, false, false)).isEqualTo(GIVE_UP);
    assertThat(after(new Retries(1, false), Kind.UNPROCESSED)).isEqualTo(AGAIN);
  }

  @Test
  void evenThatHasAnEnd() {
    Retries retries = new Retries(1, true);
    for (int i = 0; i < 4; i++) {
      assertThat(after(retries, Kind.UNPROCESSED)).isEqualTo(AGAIN);
    }
    assertThat(after(retries, Kind.UNPROCESSED)).isEqualTo(GIVE_UP);
  }

  @Test
  void whoFindsNoConnectionFreeDoesNotAskAgain() {
    assertThat(after(new Retries(3, true), Kind.BUSY)).isEqualTo(GIVE_UP);
  }
}
