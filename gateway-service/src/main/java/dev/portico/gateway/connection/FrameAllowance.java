package dev.portico.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * How many frames a viewer may send that make work and bring nothing: SETTINGS, PING, PRIORITY,
 * WINDOW_UPDATE, CONTINUATION, empty DATA, GOAWAY and unknown ones (RFC 9113, section 10.5). Netty
 * bounds the answers to them that wait, not those that are read at once, and says nothing of frames
 * that need no answer. Requests and data sent earn some back: a large download comes with many
 * WINDOW_UPDATEs. RST_STREAM has a limit of its own.
 *
 * <p>Reads the frames' heads between TLS and the codec, where none is hidden.
 */
final class FrameAllowance extends ChannelDuplexHandler {
  /** The client's preface is no frame (RFC 9113, section 3.4). */
  private static final int PREFACE = 24;

  private static final int HEAD = 9;
  private static final int END_STREAM = 1;

  /** For a DATA frame: a WINDOW_UPDATE of its stream, and one of the connection. */
  private static final int EARNED = 2;

  private final int most;
  private final long windowNanos;
  private long windowStart = System.nanoTime();
  private int spent;
  private int left = PREFACE;
  private int headRead;
  private int length;
  private int type;
  private int flags;
  private boolean exceeded;

  /**
   * A full allowance.
   *
   * @param most frames in a window
   * @param windowNanos in nanoseconds
   */
  FrameAllowance(int most, long windowNanos) {
    this.most = most;
    this.windowNanos = windowNanos;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (!exceeded) {
      read(bytes, System.nanoTime());
      if (!exceeded) {
        ctx.fireChannelRead(bytes);
        return;
      }
      // The codec answers with GOAWAY and closes; what still comes is not looked at.
      ctx.fireExceptionCaught(
          Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many control frames"));
    }
    bytes.release();
  }

  /** Looks at bytes as they come, in pieces of any size. */
  void read(ByteBuf bytes, long now) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end && !exceeded) {
      if (left > 0) {
        int skipped = Math.min(left, end - at);
        left -= skipped;
        at += skipped;
      } else {
        head(bytes.getUnsignedByte(at), now);
        at++;
      }
    }
  }

  private void head(int octet, long now) {
    switch (headRead) {
      case 0, 1, 2 -> length = (headRead == 0 ? 0 : length << 8) | octet;
      case 3 -> type = octet;
      case 4 -> flags = octet;
      default -> {} // The stream's number does not matter.
    }
    headRead++;
    if (headRead == HEAD) {
      headRead = 0;
      left = length;
      frame(now);
    }
  }

  private void frame(long now) {
    switch (type) {
      case Http2FrameTypes.HEADERS -> earn();
      case Http2FrameTypes.RST_STREAM -> {}
      case Http2FrameTypes.DATA -> {
        if (length == 0 && (flags & END_STREAM) == 0) {
          spend(now);
        }
      }
      default -> spend(now);
    }
  }

  private void spend(long now) {
    if (spent < most) {
      spent++;
    } else if (now - windowStart > windowNanos) {
      windowStart = now;
      spent = 1;
    } else {
      exceeded = true;
    }
  }

  private void earn() {
    spent = Math.max(0, spent - EARNED);
  }

  boolean exceeded() {
    return exceeded;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes
        && bytes.readableBytes() >= HEAD
        && bytes.getByte(bytes.readerIndex() + 3) == Http2FrameTypes.DATA) {
      earn();
    }
    ctx.write(message, promise);
  }
}
