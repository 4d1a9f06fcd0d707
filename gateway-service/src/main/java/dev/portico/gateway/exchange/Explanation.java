package dev.portico.gateway.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Why one exchange is answered as it is, written down where it is decided (docs/explain.md). Nearly
 * no exchange has one: whoever decides asks {@link ViewerExchange#explanation()} for it and does
 * nothing more when there is none. Used on the exchange's event loop.
 */
public final class Explanation {
  /** Sets header fields: the gateway, of itself. */
  public static final String GATEWAY = "gateway";

  private final boolean dry;
  private final Map<String, Object> notes = new LinkedHashMap<>();
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, String> removed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<Object> weighed = new ArrayList<>();
  private boolean edited;

  /**
   * Nothing is known yet.
   *
   * @param dry whether nothing is to be fetched for it, and nobody is to get the answer
   */
  public Explanation(boolean dry) {
    this.dry = dry;
  }

  /**
   * A header field of the response.
   *
   * @param name as written
   * @param value its value
   * @param by what has set it
   */
  public record Line(String name, String value, String by) {}

  /** Whether nothing is to be fetched for it: it is said instead what would be. */
  public boolean dry() {
    return dry;
  }

  /**
   * Notes something, over what was noted under this name before.
   *
   * @param value a text, a number, a truth value, or lists and maps of these
   */
  public void note(String name, Object value) {
    notes.put(name, value);
  }

  /** Takes back what was noted under a name. */
  public void forget(String name) {
    notes.remove(name);
  }

  /** What was noted under a name; null for nothing. */
  public @Nullable Object noted(String name) {
    return notes.get(name);
  }

  /** Keeps what something is decided by, for who compares two explanations; it is not written. */
  public void weigh(Object rule) {
    weighed.add(rule);
  }

  /** What something was decided by, in order. */
  public List<Object> weighed() {
    return List.copyOf(weighed);
  }

  /** All that was noted, in order. */
  public Map<String, Object> notes() {
    return notes;
  }

  /**
   * A head begins, whatever there was before.
   *
   * @param by says of a field's name, in lower case, what has set it
   */
  public void begin(ResponseHead head, UnaryOperator<String> by) {
    lines.clear();
    removed.clear();
    edited = false;
    change(head, by);
  }

  /** As {@link #change}, by the deployment's own rules. */
  public void edit(ResponseHead head, UnaryOperator<String> by) {
    edited = true;
    change(head, by);
  }

  /** Whether the deployment's own rules have been applied to the head. */
  public boolean edited() {
    return edited;
  }

  /**
   * The head was changed to this one.
   *
   * @param by says of a field's name, in lower case, what has set or removed it, where it was
   */
  public void change(ResponseHead head, UnaryOperator<String> by) {
    List<Line> before = new ArrayList<>(lines);
    lines.clear();
    head.forEach(
        (name, value) -> {
          int at = indexOf(before, name, value);
          String lower = name.toLowerCase(Locale.ROOT);
          lines.add(at < 0 ? new Line(name, value, by.apply(lower)) : before.remove(at));
          removed.remove(name);
        });
    for (Line gone : before) {
      String lower = gone.name().toLowerCase(Locale.ROOT);
      if (head.first(lower) == null) {
        removed.put(gone.name(), by.apply(lower));
      }
    }
  }

  private static int indexOf(List<Line> lines, String name, String value) {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.name().equalsIgnoreCase(name) && line.value().equals(value)) {
        return i;
      }
    }
    return -1;
  }

  /** The header fields of the response, in order. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Names, as written, of fields that were there and are not any more, and what took them away. */
  public Map<String, String> removed() {
    return removed;
  }
}
