package dev.portico.gateway.connection;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.NettyHeaderFields;
import io.netty.handler.codec.http.DefaultHttpHeaders;

/** Header fields for tests. */
final class Fields {
  private Fields() {}

  /** Pairs of name and value. */
  static HeaderFields of(String... namesAndValues) {
    DefaultHttpHeaders headers = new DefaultHttpHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new NettyHeaderFields(headers);
  }
}
