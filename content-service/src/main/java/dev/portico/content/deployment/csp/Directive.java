package dev.portico.content.deployment.csp;

/** The directives that are computed (Content Security Policy Level 3, section 6). */
enum Directive {
  SCRIPT("script-src"),
  STYLE("style-src"),
  STYLE_ATTRIBUTE("style-src-attr"),
  IMAGE("img-src"),
  FONT("font-src"),
  MEDIA("media-src"),
  FRAME("frame-src"),
  MANIFEST("manifest-src"),
  OBJECT("object-src"),
  FORM("form-action"),
  BASE("base-uri");

  private final String label;

  Directive(String label) {
    this.label = label;
  }

  /** Its name in a policy. */
  String label() {
    return label;
  }
}
