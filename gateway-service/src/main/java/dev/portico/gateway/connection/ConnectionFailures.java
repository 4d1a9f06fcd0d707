package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides how loud a failed connection is: what any stranger can cause at will is no more than a
 * debug line, everything else is a bug and gets its stack trace.
 */
final class ConnectionFailures {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionFailures.class);

  private ConnectionFailures() {}

  static void log(Throwable cause) {
    if (byStranger(cause)) {
      LOG.debug("Connection failed: {}", cause.toString());
    } else {
      LOG.error("Connection failed", cause);
    }
  }

  /** What a request has failed by that was under way on the connection. */
  static EdgeError error(Throwable cause) {
    return byStranger(cause) ? EdgeError.VIEWER_GONE : EdgeError.INTERNAL;
  }

  private static boolean byStranger(Throwable cause) {
    return cause instanceof IOException
        || cause instanceof DecoderException
        || cause instanceof Http2Exception
        || cause instanceof SSLException;
  }
}
