package dev.portico.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portico.gateway.exchange.Explanation.Line;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static ResponseHead head(String... fields) {
    ResponseHead.Builder head = ResponseHead.of(200);
    for (int i = 0; i < fields.length; i += 2) {
      head.add(fields[i], fields[i + 1]);
    }
    return head.build();
  }

  @Test
  void eachLineIsOfWhoeverSetItLast() {
    Explanation why = new Explanation(true);
    why.begin(head("A", "1", "B", "1"), name -> "first");
    why.change(head("a", "1", "B", "2", "C", "3"), name -> "second " + name);
    assertThat(why.lines())
        .containsExactly(
            new Line("A", "1", "first"),
            new Line("B", "2", "second b"),
            new Line("C", "3", "second c"));
    assertThat(why.removed()).isEmpty();
  }

  @Test
  void whatIsTakenAwayIsToldUntilItIsThereAgain() {
    Explanation why = new Explanation(true);
    why.begin(head("A", "1", "Vary", "X", "Vary", "Y"), name -> "first");
    why.change(head("Vary", "Y"), name -> "second");
    assertThat(why.removed()).containsOnlyKeys("A").containsEntry("A", "second");
    assertThat(why.lines()).containsExactly(new Line("Vary", "Y", "first"));
    why.change(head("A", "2"), name -> "third");
    assertThat(why.removed()).containsOnlyKeys("Vary");
    assertThat(why.lines()).containsExactly(new Line("A", "2", "third"));
  }

  @Test
  void anotherHeadForgetsTheOneBefore() {
    Explanation why = new Explanation(false);
    why.begin(head("A", "1"), name -> "first");
    why.begin(head("B", "1"), name -> "second");
    assertThat(why.lines()).containsExactly(new Line("B", "1", "second"));
    assertThat(why.removed()).isEmpty();
  }
}
