package dev.portico.gateway.cache.store;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.ResponseHead;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a stored response, without their text being kept a second time: nearly all of them
 * are the first lines of the head that viewers get, in the same order.
 *
 * @param others those that are not, such as what is said to caches alone
 * @param shown how many of the head's lines are stored fields
 */
record StoredFields(FieldList others, int shown) {
  /**
   * Tells fields apart by whether the head has them. Content-Length is left out: a body has its
   * length.
   */
  static StoredFields of(FieldList stored, ResponseHead head) {
    List<String> lines = RecordFormat.lines(head::forEach);
    List<String> others = new ArrayList<>();
    int[] shown = {0};
    stored.forEach(
        (name, value) -> {
          int at = 2 * shown[0];
          if (at < lines.size() && lines.get(at).equals(name) && lines.get(at + 1).equals(value)) {
            shown[0]++;
          } else if (!name.equalsIgnoreCase("Content-Length")) {
            others.add(name);
            others.add(value);
          }
        });
    FieldList rest =
        others.isEmpty() ? FieldList.EMPTY : FieldList.of(others.toArray(String[]::new));
    return new StoredFields(rest, shown[0]);
  }

  /** All of them, made anew. */
  FieldList all(ResponseHead head) {
    List<String> all = RecordFormat.lines(others::forEach);
    all.addAll(RecordFormat.lines(head::forEach).subList(0, 2 * shown));
    return FieldList.of(all.toArray(String[]::new));
  }
}
