package dev.portico.auth.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
  @Test
  void valuesAreDecodedAndTheFirstCounts() {
    var form = Form.of("username=+a%40b.example+&password=+x%26%3D+&username=other&box=true&=x&y");
    assertThat(form.text("username")).isEqualTo("a@b.example");
    assertThat(form.typed("password")).isEqualTo(" x&= ");
    assertThat(form.ticked("box")).isTrue();
    assertThat(form.ticked("y")).isFalse();
    assertThat(form.toString()).doesNotContain("a@b").contains("password");
  }

  @Test
  void whatIsMalformedIsAsIfItWereMissing() {
    var form = Form.of("username=%zz&code=1");
    assertThat(form.text("username")).isEmpty();
    assertThat(form.text("code")).isEqualTo("1");
    assertThat(Form.of("").text("code")).isEmpty();
  }

  @Test
  void faultsComeInTheOrderOfTheFields() {
    assertThat(
            new Faults(Form.of("newPassword=+x"))
                .email().code().newPassword().found().stream().map(Fault::message))
        .containsExactly("fault.email.missing", "fault.code.missing", "fault.newPassword.form");
    assertThat(new Faults(Form.of("username=" + "u".repeat(129))).username().found())
        .isEqualTo(List.of(new Fault("username", "fault.long")));
    assertThat(
            new Faults(Form.of("email=a%40b.example&code=1&newPassword=x+y&factor=A"))
                .email()
                .code()
                .newPassword()
                .oneOf("factor", List.of("A", "B"))
                .any())
        .isFalse();
    assertThat(new Faults(Form.of("factor=C")).oneOf("factor", List.of("A")).any()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a@", "@b.example", "a@b", "a b@c.example", "a@b@c.example", "a@b..c"})
  void whatIsNoAddressIsAtFault(String typed) {
    var form = Form.of("email=" + typed.replace(" ", "%20"));
    assertThat(new Faults(form).email().found())
        .isEqualTo(List.of(new Fault("email", "fault.email.form")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Password did not conform with policy: Password not long enough|short",
        "Password did not conform with policy: Password must have lowercase characters|lowercase",
        "Password did not conform with policy: Password must have uppercase characters|uppercase",
        "Password did not conform with policy: Password must have numeric characters|number",
        "Password did not conform with policy: Password must have symbol characters|symbol",
        "Password has previously been used|refused"
      })
  void thePoolsReasonsHaveTexts(String line) {
    String[] parts = line.split("\\|", -1);
    assertThat(PasswordReason.fault(parts[0]))
        .isEqualTo(List.of(new Fault("newPassword", "fault.newPassword." + parts[1], parts[0])));
  }
}
