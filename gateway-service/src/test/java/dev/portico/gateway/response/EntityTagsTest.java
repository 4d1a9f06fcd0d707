package dev.portico.gateway.response;

import static dev.portico.gateway.exchange.ContentCoding.BR;
import static dev.portico.gateway.exchange.ContentCoding.GZIP;
import static dev.portico.gateway.exchange.ContentCoding.IDENTITY;
import static dev.portico.gateway.exchange.ContentCoding.ZSTD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.routing.BlobDigest;
import org.junit.jupiter.api.Test;

/** RFC 9110, section 8.8.3. */
class EntityTagsTest {
  private static final BlobDigest DIGEST = new BlobDigest(1, 2, 3, 4);
  private static final String HEX = DIGEST.hex();

  @Test
  void everyRepresentationHasItsOwn() {
    assertThat(HEX).hasSize(64);
    assertThat(BlobDigest.parse(HEX)).isEqualTo(DIGEST);
    assertThat(EntityTags.of(DIGEST, IDENTITY)).isEqualTo('"' + HEX + '"');
    assertThat(EntityTags.of(DIGEST, BR)).isEqualTo('"' + HEX + "-br\"");
  }

  @Test
  void readsLists() {
    String list = "\"a,b\" , W/\"%s-br\",\"%s-zstd\"\t,\"x%s\", \"%s-lz\"".replace("%s", HEX);
    assertThat(EntityTags.named(list, DIGEST, true)).containsExactlyInAnyOrder(BR, ZSTD);
    assertThat(EntityTags.named(list, DIGEST, false)).containsExactly(ZSTD);
  }

  @Test
  void stopsAtWhatIsMalformed() {
    assertThat(EntityTags.named(HEX, DIGEST, true)).isEmpty();
    assertThat(EntityTags.named("\"" + HEX, DIGEST, true)).isEmpty();
    assertThat(EntityTags.named("W/", DIGEST, true)).isEmpty();
    assertThat(EntityTags.named("\"" + HEX + "-gzip\", oops, \"" + HEX + "\"", DIGEST, true))
        .containsExactly(GZIP);
    assertThat(EntityTags.named("w/\"" + HEX + "\"", DIGEST, true)).isEmpty();
    assertThat(EntityTags.named("", DIGEST, true)).isEmpty();
  }
}
