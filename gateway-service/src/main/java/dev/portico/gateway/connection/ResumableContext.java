package dev.portico.gateway.connection;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with its session tickets, by which a viewer that comes back is spared a signature
 * (RFC 8446, section 2.2; RFC 5077). The keys of the tickets are made here, never leave memory, and
 * are replaced: whoever got hold of one could read what was sent under it (RFC 5077, section 5.6).
 * A ticket is good for one period after the one it was made in. Without BoringSSL the JDK sees to
 * it all.
 */
final class ResumableContext {
  /** How long a key makes tickets; it opens them for as long again. */
  static final Duration PERIOD = Duration.ofHours(12);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SslContext context;
  private @Nullable OpenSslSessionTicketKey current;
  private volatile long madeAt;

  /**
   * Makes the first key.
   *
   * @param now {@link System#nanoTime()}
   */
  ResumableContext(SslContext context, long now) {
    this.context = context;
    renew(now);
  }

  /** The context, its keys young enough. */
  SslContext at(long now) {
    if (now - madeAt >= PERIOD.toNanos()) {
      renewIfOld(now);
    }
    return context;
  }

  private synchronized void renewIfOld(long now) {
    if (now - madeAt >= PERIOD.toNanos()) {
      renew(now);
    }
  }

  private void renew(long now) {
    if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
      OpenSslSessionTicketKey fresh =
          new OpenSslSessionTicketKey(
              random(OpenSslSessionTicketKey.NAME_SIZE),
              random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
              random(OpenSslSessionTicketKey.AES_KEY_SIZE));
      OpenSslSessionTicketKey old = now - madeAt < 2 * PERIOD.toNanos() ? current : null;
      if (old == null) {
        sessions.setTicketKeys(fresh);
      } else {
        sessions.setTicketKeys(fresh, old);
      }
      current = fresh;
    }
    madeAt = now;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
