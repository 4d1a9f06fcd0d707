package dev.portico.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.ContentCoding;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 12.5.3. */
class CodingPreferencesTest {
  @ParameterizedTest(name = "{0} -> {1}, plain {2}")
  @DisplayName("SHOULD: codings by weight, ours by size where weights are equal")
  @CsvSource(
      nullValues = "none",
      delimiter = '|',
      value = {
        "none | '' | true",
        "'' | '' | true",
        "gzip, deflate, br, zstd | br zstd gzip | true",
        "gzip | gzip | true",
        "X-GZIP | gzip | true",
        "BR;Q=1 | br | true",
        "gzip;q=1.0, br;q=0.5 | gzip br | true",
        "gzip;q=0.001, zstd;q=0.002 | zstd gzip | true",
        "br;q=0, gzip | gzip | true",
        "* | br zstd gzip | true",
        "*;q=0.5, gzip | gzip br zstd | true",
        "*, br;q=0 | zstd gzip | true",
        "deflate, compress | '' | true",
        "identity | '' | true",
        "identity;q=1, gzip;q=0.5 | '' | true",
        "identity;q=0.5, gzip;q=1 | gzip | true",
        "identity;q=0.5, gzip;q=0.5 | gzip | true",
        "identity;q=0 | '' | false",
        "gzip, identity;q=0 | gzip | false",
        "*;q=0 | '' | false",
        "*;q=0, gzip | gzip | false",
        "*;q=0, identity | '' | true",
        "gzip;q=2 | '' | true",
        "gzip;q=0.1234, br | br | true",
        "gzip;q=, br;q=x | '' | true",
        ", ,gzip,, | gzip | true",
        "gzip; level=9; q=0.3, br; q=0.2 | gzip br | true",
      })
  void codings(@Nullable String field, String codings, boolean plain) {
    CodingPreferences preferences = CodingPreferences.of(field);
    List<ContentCoding> expected =
        Arrays.stream(codings.split(" "))
            .filter(name -> !name.isEmpty())
            .map(ContentCoding::of)
            .toList();
    assertThat(preferences.codings()).isEqualTo(expected);
    assertThat(preferences.identity()).isEqualTo(plain);
  }
}
