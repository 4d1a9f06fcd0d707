package dev.portico.gateway.origin.wire;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * TLS towards servers, by BoringSSL where its library is there, else by the JDK; TLS 1.2 and later.
 * A certificate must lead to an authority that the JDK trusts, or to one of the operator's, and be
 * valid for the host's name (RFC 9110, section 4.3.4).
 */
final class WireTls {
  private static final SslProvider PROVIDER =
      OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;

  private final SslContext verifying;
  private final SslContext verifyingHttp2;
  private final SslContext blind;
  private final SslContext blindHttp2;

  private WireTls(TrustManagerFactory trust) throws SSLException {
    verifying = build(trust, true, false);
    verifyingHttp2 = build(trust, true, true);
    blind = build(InsecureTrustManagerFactory.INSTANCE, false, false);
    blindHttp2 = build(InsecureTrustManagerFactory.INSTANCE, false, true);
  }

  /**
   * Makes the contexts.
   *
   * @param authorities PEM file of certificates to trust besides the JDK's; empty for none
   * @throws IllegalStateException when it cannot be used
   */
  static WireTls of(String authorities) {
    try {
      return new WireTls(trust(authorities));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(
          "The certificates of authorities in " + authorities + " cannot be used", e);
    }
  }

  private static TrustManagerFactory trust(String authorities)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    if (authorities.isEmpty()) {
      return factory;
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int count = 0;
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        for (X509Certificate issuer : known.getAcceptedIssuers()) {
          store.setCertificateEntry("system-" + count++, issuer);
        }
      }
    }
    try (InputStream in = Files.newInputStream(Path.of(authorities))) {
      for (Certificate own : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("own-" + count++, own);
      }
    }
    TrustManagerFactory both =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    both.init(store);
    return both;
  }

  private static SslContext build(TrustManagerFactory trust, boolean named, boolean http2)
      throws SSLException {
    List<String> protocols =
        http2
            ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
            : List.of(ApplicationProtocolNames.HTTP_1_1);
    return SslContextBuilder.forClient()
        .sslProvider(PROVIDER)
        .protocols("TLSv1.2", "TLSv1.3")
        .trustManager(trust)
        .endpointIdentificationAlgorithm(named ? "HTTPS" : null)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                protocols))
        .build();
  }

  /** A handler for one connection; the name asked for (SNI) is the peer's host. */
  SslHandler handler(Peer peer, ByteBufAllocator allocator, long handshakeMillis) {
    SslContext context;
    if (peer.verify()) {
      context = peer.http2() ? verifyingHttp2 : verifying;
    } else {
      context = peer.http2() ? blindHttp2 : blind;
    }
    SslHandler handler = context.newHandler(allocator, peer.host(), peer.port());
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    return handler;
  }
}
