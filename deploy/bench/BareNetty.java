import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;

/**
 * What Netty itself costs: its decoder of requests, and the same 1 KB for each, written as bytes
 * and flushed once per read. Nothing can be faster that is built on it. Usage: java -cp
 * 'gateway-service/target/lib/*' BareNetty.java PORT
 */
class BareNetty {
  public static void main(String[] words) throws Exception {
    var text =
        "HTTP/1.1 200 OK\r\nServer: bare\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n"
            + "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nCache-Control: max-age=86400\r\n\r\n"
            + "x".repeat(1024);
    ByteBuf answer =
        Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
    var loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("bare"), EpollIoHandler.newFactory());
    new ServerBootstrap()
        .group(loops)
        .channel(EpollServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, 4096)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpRequestDecoder(), new Constant(answer));
              }
            })
        .bind("127.0.0.1", Integer.parseInt(words[0]))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  static final class Constant extends ChannelInboundHandlerAdapter {
    private final ByteBuf answer;

    Constant(ByteBuf answer) {
      this.answer = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      // Copied, as a head and a small body are in one piece for one write.
      if (message instanceof HttpRequest) {
        ctx.write(
            ctx.alloc()
                .directBuffer(answer.readableBytes())
                .writeBytes(answer, 0, answer.readableBytes()),
            ctx.voidPromise());
      }
      if (!(message instanceof LastHttpContent)) {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
