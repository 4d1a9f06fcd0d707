package dev.portico.gateway.routing;

/**
 * What stands between two stars of a pattern, where {@code ?} is any character. It is searched by
 * the shift-and method (Baeza-Yates and Gonnet, 1992): one bit says for each of its beginnings
 * whether the text read so far ends with it. So every character is looked at once, however much the
 * text resembles the piece.
 */
final class PatternPiece {
  /** Stands for any one character. */
  static final char ANY = '?';

  private static final int ASCII = 128;

  private final int length;
  // For each character of the piece, and at 0 for all others, the places where it fits.
  private final long[][] places;
  private final byte[] placesOf = new byte[ASCII];

  /** Of its text, which is ASCII. */
  PatternPiece(String text) {
    this.length = text.length();
    int distinct = 1;
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      if (character != ANY && character < ASCII && placesOf[character] == 0) {
        placesOf[character] = (byte) distinct++;
      }
    }
    this.places = new long[distinct][(length + Long.SIZE - 1) / Long.SIZE];
    for (int i = 0; i < length; i++) {
      char character = text.charAt(i);
      long bit = 1L << i;
      if (character == ANY) {
        for (long[] each : places) {
          each[i / Long.SIZE] |= bit;
        }
      } else if (character < ASCII) {
        places[placesOf[character]][i / Long.SIZE] |= bit;
      }
    }
  }

  /** Whether a text with wildcards of one character stands in {@code path} at this place. */
  static boolean fits(String text, String path, int at) {
    for (int i = 0; i < text.length(); i++) {
      char wanted = text.charAt(i);
      if (wanted != ANY && wanted != path.charAt(at + i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Where this piece ends when it is found first.
   *
   * @param from from where in {@code path} it is searched
   * @param to before where it must end
   * @return the index after its end, -1 when it is not there
   */
  int endIn(String path, int from, int to) {
    return length <= Long.SIZE ? endOfShort(path, from, to) : endOfLong(path, from, to);
  }

  private int endOfShort(String path, int from, int to) {
    long whole = 1L << (length - 1);
    long begun = 0;
    for (int i = from; i < to; i++) {
      begun = (begun << 1 | 1) & places(path.charAt(i))[0];
      if ((begun & whole) != 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private int endOfLong(String path, int from, int to) {
    long[] begun = new long[places[0].length];
    int lastWord = begun.length - 1;
    long whole = 1L << (length - 1);
    for (int i = from; i < to; i++) {
      long[] here = places(path.charAt(i));
      long carry = 1;
      for (int word = 0; word <= lastWord; word++) {
        long next = begun[word] >>> (Long.SIZE - 1);
        begun[word] = (begun[word] << 1 | carry) & here[word];
        carry = next;
      }
      if ((begun[lastWord] & whole) != 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private long[] places(char character) {
    return places[character < ASCII ? placesOf[character] : 0];
  }
}
