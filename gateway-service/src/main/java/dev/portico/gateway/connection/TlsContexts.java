package dev.portico.gateway.connection;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.util.AsyncMapping;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.File;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the certificate for the name that a viewer asks for (SNI). TLS by BoringSSL where its
 * library is there, else by the JDK; TLS 1.2 and later.
 */
final class TlsContexts {
  private static final SslProvider PROVIDER =
      OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

  /** Bytes of a ClientHello; without a limit its announced length, up to 16 MB, is allocated. */
  private static final int MAX_CLIENT_HELLO = 32_768;

  private static final long HANDSHAKE_MILLIS = 10_000;
  private static final int KEPT = 512;

  /** Well within the life of a minted certificate. */
  private static final Duration KEPT_FOR = Duration.ofDays(30);

  private final @Nullable ResumableContext only;
  private final @Nullable LocalAuthority authority;
  private final Cache<String, ResumableContext> minted =
      Caffeine.newBuilder().maximumSize(KEPT).expireAfterWrite(KEPT_FOR).build();

  private TlsContexts(@Nullable ResumableContext only, @Nullable LocalAuthority authority) {
    this.only = only;
    this.authority = authority;
  }

  /**
   * Reads or makes what the settings name.
   *
   * @throws IllegalStateException when they name nothing, or something that cannot be used
   */
  static TlsContexts of(TlsSettings settings) {
    if (settings.fromFiles()) {
      try {
        SslContextBuilder builder =
            SslContextBuilder.forServer(new File(settings.certificate()), new File(settings.key()));
        return new TlsContexts(build(builder), null);
      } catch (SSLException | IllegalArgumentException e) {
        throw new IllegalStateException(
            "The certificate " + settings.certificate() + " and its key cannot be used", e);
      }
    }
    if (settings.local()) {
      Path folder = Path.of(settings.localCaDirectory());
      return new TlsContexts(null, LocalAuthority.open(folder));
    }
    throw new IllegalStateException(
        "HTTPS needs PORTICO_TLS_CERTIFICATE and PORTICO_TLS_KEY, or PORTICO_LOCAL_CA_DIRECTORY");
  }

  /** A handler for one connection. */
  ChannelHandler handler() {
    AsyncMapping<String, SslContext> mapping = this::find;
    return new SniHandler(mapping, MAX_CLIENT_HELLO, HANDSHAKE_MILLIS) {
      @Override
      protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = super.newSslHandler(context, allocator);
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        return handler;
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ConnectionFailures.log(cause);
        ctx.close();
      }
    };
  }

  /**
   * A handshake that is over, as {@code CloudFront-Viewer-TLS} has it: version, cipher by OpenSSL's
   * name, and whether a session was resumed. Null when BoringSSL did not make it: the JDK does not
   * say whether it resumed one.
   */
  static @Nullable String handshake(SSLEngine engine) {
    if (!(engine instanceof ReferenceCountedOpenSslEngine openSsl)) {
      return null;
    }
    long pointer = openSsl.sslPointer();
    // Of an engine that is closed already nothing can be asked.
    return pointer == 0
        ? null
        : SSL.getVersion(pointer)
            + ':'
            + SSL.getCipherForSSL(pointer)
            + (SSL.isSessionReused(pointer) ? ":sessionResumed" : ":fullHandshake");
  }

  private Future<SslContext> find(@Nullable String name, Promise<SslContext> promise) {
    if (only != null) {
      return promise.setSuccess(only.at(System.nanoTime()));
    }
    String asked = name == null ? "localhost" : name.toLowerCase(Locale.ROOT);
    ResumableContext known = minted.getIfPresent(asked);
    if (known != null) {
      return promise.setSuccess(known.at(System.nanoTime()));
    }
    if (!local(asked)) {
      return promise.setFailure(new SSLException("No certificate for this name"));
    }
    // Signing takes a millisecond or two: not on a thread that serves others.
    Thread.ofVirtual().name("certificate").start(() -> mint(asked, promise));
    return promise;
  }

  private void mint(String name, Promise<SslContext> promise) {
    try {
      promise.setSuccess(minted.get(name, this::context).at(System.nanoTime()));
    } catch (RuntimeException e) {
      promise.setFailure(e);
    }
  }

  private ResumableContext context(String name) {
    LocalAuthority issuer = authority;
    if (issuer == null) {
      throw new IllegalStateException("No local authority");
    }
    LocalAuthority.Leaf leaf = issuer.issue(name);
    try {
      return build(
          SslContextBuilder.forServer(leaf.key(), leaf.chain().toArray(X509Certificate[]::new)));
    } catch (SSLException e) {
      throw new IllegalStateException("The certificate made for " + name + " cannot be used", e);
    }
  }

  /** Whether the name is localhost or below it. */
  static boolean local(String name) {
    HostName host = HostName.parse(name);
    return host != null && (host.name().equals("localhost") || host.name().endsWith(".localhost"));
  }

  private static ResumableContext build(SslContextBuilder builder) throws SSLException {
    SslContext context =
        builder
            .sslProvider(PROVIDER)
            .protocols("TLSv1.2", "TLSv1.3")
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    ApplicationProtocolNames.HTTP_2,
                    ApplicationProtocolNames.HTTP_1_1))
            .build();
    return new ResumableContext(context, System.nanoTime());
  }
}
