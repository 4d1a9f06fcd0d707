package dev.portico.auth.pages;

import dev.portico.auth.password.PasswordForm;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is wrong with a form before anybody is asked, with Cognito's limits on each field. In the
 * order of the checks, which is the order of the fields.
 */
final class Faults {
  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]{1,64}@[^@\\s.]+(\\.[^@\\s.]+)+");

  private final Form form;
  private final List<Fault> found = new ArrayList<>();

  Faults(Form form) {
    this.form = form;
  }

  List<Fault> found() {
    return List.copyOf(found);
  }

  boolean any() {
    return !found.isEmpty();
  }

  /** The name of an account, however written. */
  Faults username() {
    return filled(Field.USERNAME, form.text(Field.USERNAME), 128);
  }

  /** An e-mail address. */
  Faults email() {
    String typed = form.text(Field.EMAIL);
    if (!typed.isEmpty() && typed.length() <= 128 && !ADDRESS.matcher(typed).matches()) {
      found.add(new Fault(Field.EMAIL, "fault.email.form"));
      return this;
    }
    return filled(Field.EMAIL, typed, 128);
  }

  /** A password that is there already. */
  Faults password(String field) {
    return filled(field, form.typed(field), 256);
  }

  /** A password that is chosen. */
  Faults newPassword() {
    String typed = form.typed(Field.NEW_PASSWORD);
    if (!typed.isEmpty() && typed.length() <= 256 && !PasswordForm.holds(typed)) {
      found.add(new Fault(Field.NEW_PASSWORD, "fault.newPassword.form"));
      return this;
    }
    return filled(Field.NEW_PASSWORD, typed, 256);
  }

  /** A code. */
  Faults code() {
    return filled(Field.CODE, form.text(Field.CODE), 64);
  }

  /** An attribute that the pool demands. */
  Faults attribute(String field, int longest) {
    String value = form.text(field);
    if (value.isEmpty()) {
      found.add(new Fault(field, "fault.attribute.missing"));
    } else if (value.length() > longest) {
      found.add(new Fault(field, "fault.long"));
    }
    return this;
  }

  /** One of several ways. */
  Faults oneOf(String field, List<String> options) {
    return filled(field, options.contains(form.text(field)) ? "one" : "", 16);
  }

  /** A box that must be ticked. */
  Faults ticked(String field) {
    return filled(field, form.text(field), 16);
  }

  private Faults filled(String field, String value, int longest) {
    if (value.isEmpty()) {
      found.add(new Fault(field, "fault." + field + ".missing"));
    } else if (value.length() > longest) {
      found.add(new Fault(field, "fault.long"));
    }
    return this;
  }
}
