package dev.portico.gateway.exchange;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered between the requests of one connection. Nearly all of them show the same
 * credentials: what was made of the last ones need not be made again. Used on the connection's
 * event loop alone, and gone with the connection.
 */
public final class ConnectionMemory {
  private @Nullable String text;
  private @Nullable Object made;

  /** Nothing yet. */
  public ConnectionMemory() {}

  /** What was made of a text; null when the last one was another. */
  public @Nullable Object of(String asked) {
    return asked.equals(text) ? made : null;
  }

  /**
   * Remembers what was made of a text, in the place of the last one.
   *
   * @param newText not of whatever length a viewer likes: it is kept as long as the connection
   */
  public void remember(String newText, Object newMade) {
    text = newText;
    made = newMade;
  }

  /** Without what it holds, which may be secret. */
  @Override
  public String toString() {
    return "ConnectionMemory";
  }
}
