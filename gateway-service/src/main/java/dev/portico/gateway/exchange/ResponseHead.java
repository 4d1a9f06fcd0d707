package dev.portico.gateway.exchange;

import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Status and header fields of a response, immutable. It holds what is the same for every viewer;
 * Connection, Transfer-Encoding, X-Request-Id and, unless it has one, Date are added where it is
 * written. The bytes of its HTTP/1.1 form are made once, so that an instance kept for a file costs
 * one copy per response.
 */
public final class ResponseHead {
  private static final byte[] NOTHING = {};

  private final int status;
  private final @Nullable ResponseHead base;
  // Null when only the bytes are kept.
  private final @Nullable List<String> namesAndValues;
  // Two threads may both encode, with equal results; volatile, or one may see an array without
  // them.
  private volatile byte @Nullable [] encoded;
  private volatile AsciiString @Nullable [] http2Fields;

  private final boolean dated;

  private ResponseHead(int status, @Nullable ResponseHead base, List<String> namesAndValues) {
    this.status = status;
    this.base = base;
    this.namesAndValues = List.copyOf(namesAndValues);
    this.dated = base == null ? own("Date") != null : base.dated;
  }

  private ResponseHead(int status, byte[] encoded, boolean dated) {
    this.status = status;
    this.base = null;
    this.namesAndValues = null;
    this.encoded = encoded;
    this.dated = dated;
  }

  /** Starts a head with this status (200–599). */
  public static Builder of(int status) {
    return new Builder(status);
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** Whether it brings a Date with it, so that none is added where it is written. */
  public boolean dated() {
    return dated;
  }

  /**
   * This head with more field lines at its end, which {@link #appended} gives; {@link #encoded} is
   * this one's, and made once for all of them. For what changes from response to response.
   *
   * @param moreNamesAndValues alternating, in a form that needs no check
   */
  public ResponseHead with(String... moreNamesAndValues) {
    return new ResponseHead(status, this, List.of(moreNamesAndValues));
  }

  /**
   * The same head kept as its bytes alone, for one that is held for long and written over HTTP/1.1:
   * its fields are read from them each time they are asked for. Without what {@link #with} added.
   */
  public ResponseHead compact() {
    return new ResponseHead(status, encoded(), dated);
  }

  /** Calls {@code action} with name and value of every field line, in order. */
  public void forEach(BiConsumer<String, String> action) {
    if (base != null) {
      base.forEach(action);
    }
    List<String> own = ownFields();
    for (int i = 0; i < own.size(); i += 2) {
      action.accept(own.get(i), own.get(i + 1));
    }
  }

  private List<String> ownFields() {
    List<String> fields = namesAndValues;
    return fields == null ? fieldsOf(encoded()) : fields;
  }

  /** Reads what {@link #encode} has written of a whole head. */
  private static List<String> fieldsOf(byte[] encoded) {
    List<String> fields = new ArrayList<>(32);
    int at = end(encoded, 0) + 2;
    while (at < encoded.length) {
      int end = end(encoded, at);
      int colon = at;
      while (encoded[colon] != ':') {
        colon++;
      }
      fields.add(new String(encoded, at, colon - at, StandardCharsets.ISO_8859_1));
      fields.add(new String(encoded, colon + 2, end - colon - 2, StandardCharsets.ISO_8859_1));
      at = end + 2;
    }
    return fields;
  }

  private static int end(byte[] encoded, int from) {
    int end = from;
    while (encoded[end] != '\r') {
      end++;
    }
    return end;
  }

  /** The value of the first field line with this name in any case, or null. */
  public @Nullable String first(String name) {
    String inherited = base == null ? null : base.first(name);
    return inherited == null ? own(name) : inherited;
  }

  private @Nullable String own(String name) {
    List<String> own = ownFields();
    for (int i = 0; i < own.size(); i += 2) {
      if (own.get(i).equalsIgnoreCase(name)) {
        return own.get(i + 1);
      }
    }
    return null;
  }

  /** A builder that starts with everything this head has. */
  public Builder toBuilder() {
    Builder builder = base == null ? new Builder(status) : base.toBuilder();
    builder.namesAndValues.addAll(ownFields());
    return builder;
  }

  /**
   * Status line and field lines as HTTP/1.1 writes them (RFC 9112, section 4), without those {@link
   * #appended} and the empty line at the end. The caller must not change the array.
   */
  public byte[] encoded() {
    return base == null ? ownBytes() : base.encoded();
  }

  /** The field lines that were added by {@link #with}; the caller must not change the array. */
  public byte[] appended() {
    if (base == null) {
      return NOTHING;
    }
    if (base.base == null) {
      return ownBytes();
    }
    byte[] before = base.appended();
    byte[] own = ownBytes();
    byte[] all = Arrays.copyOf(before, before.length + own.length);
    System.arraycopy(own, 0, all, before.length, own.length);
    return all;
  }

  /**
   * All field lines as HTTP/2 writes them (RFC 9113, section 8.2): names in lower case and values,
   * alternating. Made once, since the compression of header fields compares them by their hashes,
   * which they keep. The caller must not change the array.
   */
  public AsciiString[] http2Fields() {
    AsciiString[] fields = http2Fields;
    if (fields == null) {
      List<AsciiString> all = new ArrayList<>(48);
      forEach(
          (name, value) -> {
            all.add(AsciiString.of(name.toLowerCase(Locale.ROOT)));
            all.add(AsciiString.of(value));
          });
      fields = all.toArray(AsciiString[]::new);
      http2Fields = fields;
    }
    return fields;
  }

  private byte[] ownBytes() {
    byte[] bytes = encoded;
    if (bytes == null) {
      bytes = encode();
      encoded = bytes;
    }
    return bytes;
  }

  private byte[] encode() {
    StringBuilder text = new StringBuilder(256);
    if (base == null) {
      text.append("HTTP/1.1 ")
          .append(status)
          .append(' ')
          .append(StatusText.of(status))
          .append("\r\n");
    }
    List<String> own = ownFields();
    for (int i = 0; i < own.size(); i += 2) {
      text.append(own.get(i)).append(": ").append(own.get(i + 1)).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return (base == null ? Integer.toString(status) : base.toString()) + " " + ownFields();
  }

  /** Collects the field lines of a {@link ResponseHead}. */
  public static final class Builder {
    private int status;
    private final List<String> namesAndValues = new ArrayList<>(24);

    private Builder(int status) {
      status(status);
    }

    /** Changes the status (100–599). */
    public Builder status(int newStatus) {
      if (newStatus < 100 || newStatus > 599) {
        throw new IllegalArgumentException("status " + newStatus);
      }
      this.status = newStatus;
      return this;
    }

    /**
     * Adds a field line after those there are.
     *
     * @throws IllegalArgumentException when the name or value holds a line break or another control
     *     character, which would split the response
     */
    public Builder add(String name, String value) {
      namesAndValues.add(checkedName(name));
      namesAndValues.add(checkedValue(name, value));
      return this;
    }

    /** Adds a field line whose value is a number. */
    public Builder add(String name, long value) {
      return add(name, Long.toString(value));
    }

    /** Replaces all field lines with this name by one. */
    public Builder set(String name, String value) {
      return remove(name).add(name, value);
    }

    /** Adds the field line unless one with this name is there. */
    public Builder addIfAbsent(String name, String value) {
      return has(name) ? this : add(name, value);
    }

    /** Removes all field lines with this name. */
    public Builder remove(String name) {
      for (int i = namesAndValues.size() - 2; i >= 0; i -= 2) {
        if (namesAndValues.get(i).equalsIgnoreCase(name)) {
          namesAndValues.remove(i + 1);
          namesAndValues.remove(i);
        }
      }
      return this;
    }

    /** Whether a field line with this name has been added. */
    public boolean has(String name) {
      for (int i = 0; i < namesAndValues.size(); i += 2) {
        if (namesAndValues.get(i).equalsIgnoreCase(name)) {
          return true;
        }
      }
      return false;
    }

    /** Whether the list that this field is so far has this token, in any case. */
    public boolean lists(String name, String token) {
      for (int i = 0; i < namesAndValues.size(); i += 2) {
        if (namesAndValues.get(i).equalsIgnoreCase(name)) {
          for (String listed : namesAndValues.get(i + 1).split(",", -1)) {
            if (listed.strip().equalsIgnoreCase(token)) {
              return true;
            }
          }
        }
      }
      return false;
    }

    /** The head with what has been added so far. */
    public ResponseHead build() {
      return new ResponseHead(status, null, namesAndValues);
    }

    private static String checkedName(String name) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("empty header name");
      }
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        if (c <= ' ' || c >= 0x7f || c == ':') {
          throw new IllegalArgumentException("invalid header name");
        }
      }
      return name;
    }

    private static String checkedValue(String name, String value) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
          throw new IllegalArgumentException(
              String.format(Locale.ROOT, "invalid character %04x in header %s", (int) c, name));
        }
      }
      return value;
    }
  }
}
