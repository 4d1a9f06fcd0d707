package dev.portico.gateway.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portico.gateway.cache.key.CacheKey;
import dev.portico.gateway.cache.semantics.CachingRules;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.OriginAnswer;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
  private static final HeaderFields ANY = FieldList.EMPTY;
  private final MemoryStore store = new MemoryStore(new ResponseCacheSettings(1 << 20, 1 << 20, 0));
  private final List<ByteBuf> bodies = new ArrayList<>();

  @AfterEach
  void allMemoryIsGivenBack() {
    store.removeAll();
    assertThat(bodies).allSatisfy(body -> assertThat(body.refCnt()).isZero());
  }

  private static CacheKey key(String name) {
    return StoreFixture.key("demo", '/' + name);
  }

  /** Not pooled: a pool lends the same object again, with a count of its new life. */
  private StoredEntry entry(String text, HeaderFields request, String... fields) {
    ByteBuf body = Unpooled.directBuffer(Math.max(1, text.length()));
    body.writeCharSequence(text, StandardCharsets.US_ASCII);
    bodies.add(body);
    String[] all = new String[fields.length + 2];
    System.arraycopy(fields, 0, all, 2, fields.length);
    all[0] = "Cache-Control";
    all[1] = "max-age=60";
    Storing storing =
        Storing.decide(
            new OriginAnswer("GET", request, 200, FieldList.of(all), 1_000, 1_000),
            CachingRules.RFC_9111);
    return new StoredEntry(
        (Storing.Store) storing, ResponseHead.of(200).build(), new SharedBytes(body));
  }

  private StoredEntry entry(String text) {
    return entry(text, ANY);
  }

  private boolean put(String name, StoredEntry entry, HeaderFields request) {
    return store.put(key(name), entry, request, store.mark());
  }

  private String text(StoredEntry entry) {
    ByteBuf body = Objects.requireNonNull(entry.borrow());
    try {
      return body.toString(StandardCharsets.US_ASCII);
    } finally {
      body.release();
    }
  }

  @Test
  void findsWhatWasPut() {
    assertThat(put("a", entry("one"), ANY)).isTrue();
    StoredEntry found = Objects.requireNonNull(store.find(key("a"), ANY));
    assertThat(text(found)).isEqualTo("one");
    assertThat(found.response().size()).isEqualTo(3);
    assertThat(store.find(key("b"), ANY)).isNull();
    assertThat(store.heldBytes()).isBetween(700L, 1_200L);
  }

  @Test
  void aNewerResponseTakesThePlaceOfAnOlder() {
    put("a", entry("one"), ANY);
    put("a", entry("two"), ANY);
    assertThat(text(Objects.requireNonNull(store.find(key("a"), ANY)))).isEqualTo("two");
    assertThat(bodies.getFirst().refCnt()).isZero();
  }

  @Test
  void keepsOneResponsePerVariant() {
    FieldList german = FieldList.of("Accept-Language", "de");
    FieldList english = FieldList.of("Accept-Language", "en");
    put("a", entry("eins", german, "Vary", "Accept-Language"), german);
    put("a", entry("one", english, "Vary", "Accept-Language"), english);
    assertThat(text(Objects.requireNonNull(store.find(key("a"), german)))).isEqualTo("eins");
    assertThat(text(Objects.requireNonNull(store.find(key("a"), english)))).isEqualTo("one");
    assertThat(store.find(key("a"), ANY)).isNull();
    assertThat(store.contains(key("a"))).isTrue();
    assertThat(store.variant(key("a"), german)).isNotEqualTo(store.variant(key("a"), english));
    // The origin looks at nothing any more: what was chosen for a language must not be preferred.
    put("a", entry("all", german), german);
    assertThat(text(Objects.requireNonNull(store.find(key("a"), german)))).isEqualTo("all");
  }

  @Test
  void boundsTheVariantsOfOneKey() {
    for (int i = 0; i < 100; i++) {
      FieldList agent = FieldList.of("User-Agent", "agent " + i);
      put("a", entry("x", agent, "Vary", "User-Agent"), agent);
    }
    assertThat(bodies.stream().filter(body -> body.refCnt() > 0)).hasSize(Variants.MOST);
    assertThat(store.find(key("a"), FieldList.of("User-Agent", "agent 99"))).isNotNull();
  }

  @Test
  void evictionTakesNothingFromReaders() {
    put("a", entry("one"), ANY);
    StoredEntry found = Objects.requireNonNull(store.find(key("a"), ANY));
    ByteBuf reading = Objects.requireNonNull(found.borrow());
    store.drop(key("a"), found);
    assertThat(reading.toString(StandardCharsets.US_ASCII)).isEqualTo("one");
    assertThat(found.borrow()).isNull();
    reading.release();
  }

  @Test
  void staysWithinItsSize() {
    for (int i = 0; i < 200; i++) {
      put("k" + i, entry("x".repeat(20_000)), ANY);
    }
    assertThat(store.heldBytes()).isLessThanOrEqualTo(1 << 20);
    assertThat(bodies.stream().filter(body -> body.refCnt() > 0).count()).isBetween(30L, 52L);
  }

  @Test
  void whatWasUnderWayDuringAnInvalidationIsNotStored() {
    long mark = store.mark();
    store.invalidate("demo", Purge.paths("/a"));
    assertThat(store.put(key("a"), entry("old"), ANY, mark)).isFalse();
    assertThat(store.find(key("a"), ANY)).isNull();
    mark = store.mark();
    store.removeAll();
    assertThat(store.put(key("a"), entry("old"), ANY, mark)).isFalse();
  }

  @Test
  void freshensWhatIsThereAndNothingElse() {
    StoredEntry old = entry("one");
    put("a", old, ANY);
    StoredEntry fresh = again(old);
    assertThat(store.freshen(key("a"), old, fresh, store.mark())).isTrue();
    assertThat(store.find(key("a"), ANY)).isSameAs(fresh);
    assertThat(text(fresh)).isEqualTo("one");
    assertThat(store.freshen(key("a"), old, again(old), store.mark())).isFalse();
    store.drop(key("a"), old);
    assertThat(store.find(key("a"), ANY)).isSameAs(fresh);
    store.drop(key("a"), fresh);
    assertThat(store.contains(key("a"))).isFalse();
  }

  private static StoredEntry again(StoredEntry old) {
    assertThat(old.body().use()).isTrue();
    Storing storing =
        Storing.decide(
            new OriginAnswer("GET", ANY, 200, old.fields(), 2_000, 2_000), CachingRules.RFC_9111);
    return new StoredEntry((Storing.Store) storing, old.head(), old.body());
  }

  @Test
  void bytesAreGivenUpOnce() {
    ByteBuf body = Unpooled.directBuffer(8);
    SharedBytes bytes = new SharedBytes(body);
    assertThat(bytes.use()).isTrue();
    bytes.giveUp();
    bytes.giveUp();
    assertThat(body.refCnt()).isZero();
    assertThat(bytes.use()).isFalse();
    assertThat(bytes.borrow()).isNull();
    assertThatThrownBy(bytes::giveUp).isInstanceOf(IllegalStateException.class);
  }
}
