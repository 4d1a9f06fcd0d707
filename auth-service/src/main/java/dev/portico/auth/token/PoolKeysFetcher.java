package dev.portico.auth.token;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the JWKS, bounded in time and size, and compares the pool's clock (its Date header) with the
 * one here: a wrong clock makes good tokens look expired or from the future, and must be called by
 * its name.
 */
@Singleton
final class PoolKeysFetcher implements ResourceRetriever {
  private static final Logger LOG = LoggerFactory.getLogger(PoolKeysFetcher.class);
  private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
  private static final int READ_TIMEOUT_MILLIS = 4_000;
  private static final int MAX_BYTES = 65_536;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Clock clock;
  private final Duration tolerated;
  private volatile boolean succeeded;
  private volatile boolean misplaced;
  private volatile Duration clockOffset = Duration.ZERO;

  PoolKeysFetcher(TokenSettings settings, Clock clock) {
    this.clock = clock;
    this.tolerated = settings.clockSkew();
  }

  /** Whether the keys could be fetched at least once. */
  boolean succeeded() {
    return succeeded;
  }

  /** Whether the last answer, if there ever was one, said that the keys are not there. */
  boolean misplaced() {
    return misplaced;
  }

  /** How far the clock here was ahead of the pool's when keys were last fetched; else zero. */
  Duration clockOffset() {
    return clockOffset;
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    connection.setInstanceFollowRedirects(false);
    try {
      int status = connection.getResponseCode();
      misplaced = isElsewhere(status);
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("JWKS answered with status " + status);
      }
      byte[] body;
      try (InputStream in = connection.getInputStream()) {
        body = in.readNBytes(MAX_BYTES + 1);
      }
      if (body.length > MAX_BYTES) {
        throw new IOException("JWKS is larger than " + MAX_BYTES + " bytes");
      }
      compareClocks(connection.getDate());
      succeeded = true;
      return new Resource(new String(body, StandardCharsets.UTF_8), connection.getContentType());
    } catch (IOException e) {
      LOG.warn("Cannot fetch the pool's keys from {}: {}", url, e.getMessage());
      throw e;
    } finally {
      connection.disconnect();
    }
  }

  /** Redirects and refusals, but not those that ask for patience. */
  private static boolean isElsewhere(int status) {
    return status >= 300
        && status < 500
        && status != HttpURLConnection.HTTP_CLIENT_TIMEOUT
        && status != TOO_MANY_REQUESTS;
  }

  private void compareClocks(long date) {
    if (date == 0) {
      return; // no Date header
    }
    Instant theirs = Instant.ofEpochMilli(date);
    clockOffset = Duration.between(theirs, clock.instant());
    if (clockOffset.abs().compareTo(tolerated) > 0) {
      LOG.error(
          "The clock here and the user pool's differ by {} s: set this machine's clock, or tokens"
              + " will be refused as expired or not yet valid",
          clockOffset.toSeconds());
    }
  }
}
