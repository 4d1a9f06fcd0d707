package dev.portico.auth.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portico.auth.delivery.Delivery;
import dev.portico.auth.error.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountAnswersTest {
  @Test
  void doNotTellAnExistingAccountFromANewOne() {
    assertThat(AccountAnswers.signedUp(new SignUpOutcome.AlreadyExists(), "a@example.com"))
        .isEqualTo(AccountAnswers.signedUp(new SignUpOutcome.Created("a-sub"), "a@example.com"));
  }

  @Test
  void nameTheFieldThatThePoolRefuses() {
    var problem =
        catchThrowableOfType(
            Problem.class,
            () ->
                AccountAnswers.signedUp(
                    new SignUpOutcome.PasswordRefused("Password not long enough"), "a@b.c"));
    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.errors().getFirst().field()).isEqualTo("password");
    assertThat(
            catchThrowableOfType(
                    Problem.class,
                    () -> AccountAnswers.signedUp(new SignUpOutcome.Closed(), "a@b.c"))
                .status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({"ann@example.com,a***@e***", "𝒜nn@𝒜.com,𝒜***@𝒜***", "a@b,a***@b***"})
  void hideMostOfAnAddress(String address, String hidden) {
    assertThat(Delivery.to(address)).isEqualTo(new Delivery("EMAIL", hidden));
  }

  @ParameterizedTest
  @CsvSource({"ann", "@example.com", "ann@", "''"})
  void nameNoAddressWhereThereIsNone(String address) {
    assertThat(Delivery.to(address)).isNull();
  }
}
