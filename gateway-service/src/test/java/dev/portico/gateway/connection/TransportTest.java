package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for is had, or there is no start. */
class TransportTest {
  private static @Nullable Throwable missing(String transport) {
    return switch (transport) {
      case "epoll" -> Epoll.unavailabilityCause();
      case "io_uring" -> IoUring.unavailabilityCause();
      default -> null;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io_uring", "nio"})
  void whatIsAskedForIsHadOrItIsSaidWhyNot(String asked) {
    Throwable missing = missing(asked);
    if (missing == null) {
      assertThat(Transport.of(asked).label()).isEqualTo(asked);
      return;
    }
    String why = Objects.requireNonNullElse(missing.getCause(), missing).toString();
    assertThatIllegalStateException()
        .isThrownBy(() -> LoopsFixture.of(1, asked))
        .withMessageContaining("PORTICO_TRANSPORT asks for " + asked)
        .withMessageContaining(why);
  }

  @Test
  void epollWhereThereIsEpoll() {
    assertThat(Transport.of("auto"))
        .isEqualTo(Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO);
  }

  @Test
  void otherNamesAreNone() {
    assertThat(Transport.isNamed("auto")).isTrue();
    assertThat(Transport.isNamed("io_uring")).isTrue();
    assertThat(Transport.isNamed("IO_URING")).isFalse();
    assertThat(Transport.isNamed("")).isFalse();
  }
}
