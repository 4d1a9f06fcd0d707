package dev.portico.auth.pages;

import org.jspecify.annotations.Nullable;

/**
 * A page as templates are given it: what is shown, to whom.
 *
 * @param visit to whom
 * @param view what
 * @param assets where what pages are made of besides is found
 */
record Page(Visit visit, View view, Assets assets) {
  String text(String key, Object... arguments) {
    return visit.messages().text(key, arguments);
  }

  /** A text, or null where a page has none of this name. */
  @Nullable String perhaps(String key, Object... arguments) {
    return visit.messages().has(key) ? text(key, arguments) : null;
  }

  /** What the browser calls the page; says first that something is wrong (WCAG technique G88). */
  String title() {
    String title = text(view.name() + ".title") + " – " + visit.brand().title();
    return view.faults().isEmpty() ? title : text("faults.prefix") + ' ' + title;
  }

  /** A path that keeps what goes from page to page. */
  String at(String path) {
    return path + visit.carried();
  }

  String label(Field field) {
    String key = field.name().startsWith("attribute.") ? field.name() : "field." + field.name();
    // An attribute that has no text here is called as the pool calls it.
    return visit.messages().has(key) ? text(key) : field.name().substring("attribute.".length());
  }

  @Nullable String hint(Field field) {
    return field.hinted() ? text("field." + field.name() + ".hint") : null;
  }

  @Nullable String fault(Field field) {
    Fault fault = view.faultOf(field);
    return fault == null ? null : text(fault);
  }

  String text(Fault fault) {
    return text(fault.message(), fault.words());
  }

  /** The elements that describe a field, for assistive technology. */
  @Nullable String describedBy(Field field) {
    String hint = field.hinted() ? field.name() + "-hint" : "";
    String fault = view.faultOf(field) == null ? "" : field.name() + "-fault";
    String both = (hint + ' ' + fault).strip();
    return both.isEmpty() ? null : both;
  }

  /** The element that a fault is about: of a choice, the first. */
  String target(Fault fault) {
    boolean choice =
        view.fields().stream()
            .anyMatch(f -> f.name().equals(fault.field()) && f.type().equals("radio"));
    return choice ? fault.field() + "-0" : fault.field();
  }
}
