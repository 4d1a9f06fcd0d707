package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.connection.Http1HeadEncoder.Framing;
import dev.portico.gateway.connection.Http1HeadEncoder.Persistence;
import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths of bodies, from the shortest to the longest. */
class Http1HeadEncoderTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 9, 10, 99, 100, 1_024, 10_737_418_240L, Long.MAX_VALUE})
  void writesTheLength(long length) {
    ByteBuf written =
        Http1HeadEncoder.encode(
            UnpooledByteBufAllocator.DEFAULT,
            ResponseHead.of(200).build(),
            Framing.LENGTH,
            length,
            Persistence.IMPLIED,
            RequestIds.of(0, null),
            0);
    assertThat(written.toString(StandardCharsets.US_ASCII))
        .endsWith("\r\nContent-Length: " + length + "\r\n\r\n");
    written.release();
  }
}
