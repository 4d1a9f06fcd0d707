package dev.portico.gateway.access.token;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets the pool's public keys, bounded in time and size. */
final class PoolKeysFetcher implements ResourceRetriever {
  private static final Logger LOG = LoggerFactory.getLogger(PoolKeysFetcher.class);
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int MAX_BYTES = 65_536;

  private volatile boolean succeeded;

  /** Whether the keys could be fetched at least once. */
  boolean succeeded() {
    return succeeded;
  }

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setInstanceFollowRedirects(false);
    try {
      if (connection.getResponseCode() != 200) {
        throw new IOException("JWKS answered with status " + connection.getResponseCode());
      }
      byte[] body;
      try (InputStream in = connection.getInputStream()) {
        body = in.readNBytes(MAX_BYTES + 1);
      }
      if (body.length > MAX_BYTES) {
        throw new IOException("JWKS is larger than " + MAX_BYTES + " bytes");
      }
      succeeded = true;
      return new Resource(new String(body, StandardCharsets.UTF_8), connection.getContentType());
    } catch (IOException e) {
      LOG.warn("cannot fetch the pool's keys from {}: {}", url, e.getMessage());
      throw e;
    } finally {
      connection.disconnect();
    }
  }
}
