package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What {@code RequestSmugglingIT} shows over sockets, and the search for control characters. */
class RequestBytesTest {
  private static RequestBytes looked(String... pieces) {
    RequestBytes bytes = new RequestBytes();
    for (String piece : pieces) {
      ByteBuf buffer = Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1);
      bytes.look(buffer, 0, buffer.readableBytes());
    }
    return bytes;
  }

  @Test
  void headsInOneLineAtATimeOrInOne() {
    assertThat(looked("GET / HTTP/1.1\r\nHost: a\r\n\r\n").fault()).isNull();
    assertThat(looked("GET / HTTP/1.1\r\n", "Host: a\r\n", "\r\n").fault()).isNull();
    assertThat(looked("\r\n", "\r\nGET / HTTP/1.1\r\n").fault()).isNull();
    assertThat(looked("GET / HTTP/1.1\r\n", "Host: a\r\n", " b\r\n").fault())
        .isEqualTo("folded line");
    assertThat(looked("\0").fault()).isEqualTo("bytes before a request line");
  }

  /** RFC 9112, section 2.2: a server SHOULD ignore at least one empty line before a request. */
  @Test
  void anEmptyLineBeforeARequestComesInPieces() {
    assertThat(looked("\r", "\nGET / HTTP/1.1\r\n").fault()).isNull();
    assertThat(looked("\r", "\n", "\r", "\n", "GET / HTTP/1.1\r\n").fault()).isNull();
    assertThat(looked("\r", "\r\nGET / HTTP/1.1\r\n").fault()).isEqualTo("bare CR");
    assertThat(looked("\r", "GET / HTTP/1.1\r\n").fault()).isEqualTo("bare CR");
    assertThat(looked("\r\r").fault()).isEqualTo("bytes before a request line");
    for (String rest : new String[] {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "\n"}) {
      EmbeddedChannel channel = new EmbeddedChannel(new StrictRequestDecoder(1_000, 1_000));
      channel.writeInbound(Unpooled.copiedBuffer("\r", StandardCharsets.US_ASCII));
      channel.writeInbound(Unpooled.copiedBuffer(rest, StandardCharsets.US_ASCII));
      channel.writeInbound(
          Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
      HttpRequest request = channel.readInbound();
      assertThat(request.decoderResult().isSuccess()).isTrue();
      channel.finishAndReleaseAll();
    }
  }

  /** The viewer has sent all that it wants answered, and says so. */
  @Test
  void whatIsHeldOutlivesTheEndOfTheInput() {
    StrictRequestDecoder decoder = new StrictRequestDecoder(1_000, 1_000);
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    decoder.hold();
    channel.writeInbound(
        Unpooled.copiedBuffer("GET / HTTP/1.1\r\n\r\n", StandardCharsets.US_ASCII));
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    decoder.release();
    channel.writeInbound(Unpooled.EMPTY_BUFFER);
    HttpRequest request = channel.readInbound();
    assertThat(request.uri()).isEqualTo("/");
    channel.finishAndReleaseAll();
  }

  @Test
  void chunksInPieces() {
    String body = "5;a=b\r\nhello\r\n00a\r\n0123456789\r\n0\r\nX: 1\r\n\r\n";
    RequestBytes whole = looked("PUT / HTTP/1.1\r\nHost: a\r\n\r\n");
    whole.headEnded(true);
    ByteBuf buffer = Unpooled.copiedBuffer(body, StandardCharsets.ISO_8859_1);
    whole.look(buffer, 0, 9);
    whole.look(buffer, 9, 13);
    whole.look(buffer, 13, buffer.readableBytes());
    assertThat(whole.fault()).isNull();
    whole.requestEnded();
    assertThat(whole.inBody()).isFalse();
  }

  /** The bytes of a body with a length are anything. */
  @Test
  void bodiesAreNotLookedAt() {
    RequestBytes bytes = looked("PUT / HTTP/1.1\r\n\r\n");
    bytes.headEnded(false);
    ByteBuf any = Unpooled.wrappedBuffer(new byte[] {0, 10, 13, 127, ' ', 10});
    bytes.look(any, 0, 6);
    assertThat(bytes.fault()).isNull();
  }

  @Test
  void controlCharactersAreFoundWhereverTheyAre() {
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      byte[] line = new byte[random.nextInt(60)];
      int first = line.length;
      for (int i = line.length - 1; i >= 0; i--) {
        int octet = random.nextInt(20) == 0 ? random.nextInt(256) : ' ' + random.nextInt(90);
        line[i] = (byte) octet;
        if ((octet < ' ' && octet != '\t') || octet == 0x7f) {
          first = i;
        }
      }
      ByteBuf buffer = Unpooled.wrappedBuffer(line);
      assertThat(RequestBytes.control(buffer, 0, line.length)).as("seed %d", seed).isEqualTo(first);
    }
  }
}
