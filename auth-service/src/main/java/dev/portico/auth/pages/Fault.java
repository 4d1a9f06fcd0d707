package dev.portico.auth.pages;

/**
 * Why a form was not accepted.
 *
 * @param field the name of the field at fault; empty if it is none in particular
 * @param message the name of the text that says so
 * @param words what the pool said, which the text may quote; empty if it said nothing
 */
record Fault(String field, String message, String words) {
  /** The code is not the right one, or not any more. */
  static final Fault WRONG_CODE = new Fault(Field.CODE, "fault.code.wrong");

  Fault(String field, String message) {
    this(field, message, "");
  }

  /** A fault of no field in particular. */
  static Fault of(String message) {
    return new Fault("", message);
  }
}
