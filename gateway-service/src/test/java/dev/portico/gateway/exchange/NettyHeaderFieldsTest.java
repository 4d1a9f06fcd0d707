package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NettyHeaderFieldsTest {
  private static final String NAME =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

  @Test
  void findsWhatNettyFinds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      HttpHeaders headers = new DefaultHttpHeaders();
      String[] names = new String[8];
      for (int i = 0; i < names.length; i++) {
        names[i] = name(random);
        if (random.nextBoolean()) {
          headers.add(names[i], "v" + i);
        }
      }
      HeaderFields fields = new NettyHeaderFields(headers);
      for (String name : names) {
        String asked = random.nextBoolean() ? name.toUpperCase(Locale.ROOT) : name;
        assertThat(fields.first(asked)).as("seed %d", seed).isEqualTo(headers.get(asked));
        assertThat(fields.all(asked)).as("seed %d", seed).isEqualTo(headers.getAll(asked));
        assertThat(fields.contains(asked)).as("seed %d", seed).isEqualTo(headers.contains(asked));
      }
    }
  }

  private static String name(Random random) {
    int length = 1 + random.nextInt(4);
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < length; i++) {
      name.append(NAME.charAt(random.nextInt(NAME.length())));
    }
    return name.toString();
  }
}
