package dev.portico.content.settings;

import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import java.util.ArrayList;
import java.util.List;

/** Every fault of a document, each with its path, so that none has to be found by trying again. */
final class Faults {
  /** So many are told at most; a document with more has been mistaken for another. */
  static final int MOST = 100;

  private final List<FieldError> found = new ArrayList<>();

  /**
   * Notes a fault.
   *
   * @param path such as {@code behaviours[3].origin}; empty for the document itself
   * @param reason a sentence's end that is safe to show
   */
  void add(String path, String reason) {
    if (found.size() < MOST) {
      found.add(new FieldError(path, reason));
    }
  }

  /** In the order in which they were found. */
  List<FieldError> all() {
    return List.copyOf(found);
  }

  /**
   * Does nothing when there are none.
   *
   * @throws Problem 400, naming all
   */
  void refuse() {
    if (!found.isEmpty()) {
      throw Problem.invalid(found);
    }
  }
}
