package dev.portico.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.gateway.pipeline.ExplainQuestion.Fault;
import dev.portico.gateway.pipeline.ExplainQuestion.InvalidException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplainQuestionTest {
  private static List<Fault> faults(String query) {
    InvalidException fault =
        catchThrowableOfType(InvalidException.class, () -> ExplainQuestion.ofQuery(query));
    return fault == null ? List.of() : fault.faults();
  }

  @Test
  void whatIsAsked() throws InvalidException {
    assertThat(ExplainQuestion.ofQuery("url=/a%20b&method=HEAD&header=A:b&header=A:+c"))
        .isEqualTo(new ExplainQuestion("/a b", "HEAD", List.of("A", "b", "A", "c"), null));
    assertThat(ExplainQuestion.ofQuery("deployment=next&url=/").deployment()).isEqualTo("next");
  }

  @Test
  void allFaultsAreTold() {
    assertThat(faults("method=%20&header=x&header=y&else=1&deployment=%zz"))
        .containsExactly(
            new Fault("header", "is not like Name: value"),
            new Fault("else", "there is no such parameter"),
            new Fault("deployment", "is not percent-encoded as it should be"),
            new Fault("url", "is missing"),
            new Fault("method", "is no method"));
    assertThat(faults("url=%zz"))
        .containsExactly(new Fault("url", "is not percent-encoded as it should be"));
  }

  @Test
  void oneParameterIsNotTwo() {
    assertThat(faults("url=/a&url=/b"))
        .containsExactly(new Fault("url", "is there more than once"));
    assertThat(faults("url=/a&method=GET&method=GET"))
        .containsExactly(new Fault("method", "is there more than once"));
  }

  @Test
  void whatIsTooLargeIsToldTogether() throws InvalidException {
    ExplainQuestion question = ExplainQuestion.ofQuery("url=/abc&header=A:b");
    question.check(4, 6);
    InvalidException fault =
        catchThrowableOfType(InvalidException.class, () -> question.check(3, 5));
    assertThat(fault.faults()).extracting(Fault::field).containsExactly("url", "header");
  }
}
