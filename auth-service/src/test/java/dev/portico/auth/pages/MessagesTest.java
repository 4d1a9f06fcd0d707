package dev.portico.auth.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesTest {
  private static final Pattern NAMED = Pattern.compile("\\{\\d\\}");

  @Test
  void allLanguagesHaveTheSameTexts() {
    var english = Messages.in(Locale.ENGLISH);
    assertThat(english.keys()).hasSizeGreaterThan(100);
    for (Locale language : Messages.LANGUAGES) {
      var other = Messages.in(language);
      assertThat(other.keys()).as(language.toString()).isEqualTo(english.keys());
      for (String key : english.keys()) {
        assertThat(other.text(key)).as(language + " " + key).isNotBlank();
        assertThat(NAMED.matcher(other.text(key)).results().map(MatchResult::group).sorted())
            .as(language + " " + key)
            .isEqualTo(
                NAMED
                    .matcher(english.text(key))
                    .results()
                    .map(MatchResult::group)
                    .sorted()
                    .toList());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|en",
        "de|de",
        "de-AT, en;q=0.5|de",
        "fr-CA;q=0.4, de;q=0.8|de",
        "nl, fr;q=0.1|fr",
        "nl|en",
        "*|en",
        "de;q=0|en",
        ";;;q=x|en",
        "en-GB,de|en"
      })
  void theBestLanguageIsChosen(String header, String language) {
    assertThat(Messages.accepted(header).language()).isEqualTo(language);
  }

  @Test
  void whatIsTooLongIsNotLookedAt() {
    assertThat(Messages.accepted("de," + "x,".repeat(300)).language()).isEqualTo("en");
  }

  @Test
  void aTextThatIsNotThereIsABug() {
    assertThatThrownBy(() -> Messages.in(Locale.GERMAN).text("nothing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void argumentsStandWhereTheyAreNamed() {
    assertThat(Messages.in(Locale.ENGLISH).text("sign-out.intro", "ann {0} $1"))
        .contains("signed in as ann {0} $1.");
  }
}
