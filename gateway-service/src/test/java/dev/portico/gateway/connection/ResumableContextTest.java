package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session tickets, seen by a client of the JDK's that keeps its sessions. */
class ResumableContextTest {
  private static final String MARK = "seen before";

  @TempDir Path folder;
  private final AtomicLong now = new AtomicLong(1);
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private Channel server;
  private SSLContext client;

  @BeforeEach
  void start() throws Exception {
    Assumptions.assumeTrue(OpenSsl.isAvailable(), "only where BoringSSL's library is there");
    LocalAuthority.Leaf leaf = LocalAuthority.open(folder).issue("localhost");
    ResumableContext context =
        new ResumableContext(
            SslContextBuilder.forServer(leaf.key(), leaf.chain().toArray(X509Certificate[]::new))
                .sslProvider(SslProvider.OPENSSL)
                .build(),
            now.get());
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(context.at(now.get()).newHandler(channel.alloc()), new Greeter());
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    client = SSLContext.getInstance("TLS");
    client.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
  }

  @AfterEach
  void stop() throws Exception {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  /** Writes a byte behind which a client finds the tickets of TLS 1.3. */
  private static final class Greeter extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent) {
        ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
      }
    }
  }

  /** Connects; true when an earlier session of this client was resumed. */
  private boolean resumes(String protocol) throws Exception {
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    try (SSLSocket socket =
        (SSLSocket)
            client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.setEnabledProtocols(new String[] {protocol});
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      SSLSession session = socket.getSession();
      boolean resumed = session.getValue(MARK) != null;
      session.putValue(MARK, true);
      return resumed;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whoComesBackResumes(String protocol) throws Exception {
    assertThat(resumes(protocol)).isFalse();
    assertThat(resumes(protocol)).isTrue();
  }

  @Test
  void aTicketIsGoodForOnePeriodAfterItsKeyWasReplaced() throws Exception {
    assertThat(resumes("TLSv1.3")).isFalse();
    now.addAndGet(ResumableContext.PERIOD.toNanos());
    assertThat(resumes("TLSv1.3")).isTrue();
  }

  @Test
  void noTicketOutlivesTwoPeriods() throws Exception {
    assertThat(resumes("TLSv1.3")).isFalse();
    now.addAndGet(2 * ResumableContext.PERIOD.toNanos());
    assertThat(resumes("TLSv1.3")).isFalse();
    assertThat(resumes("TLSv1.3")).isTrue();
  }
}
