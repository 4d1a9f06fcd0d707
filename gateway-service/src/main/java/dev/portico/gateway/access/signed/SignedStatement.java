package dev.portico.gateway.access.signed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.portico.gateway.origin.address.Cidr;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a signature says.
 *
 * @param resource addresses that it is for, with {@code *} and {@code ?}; null: any
 * @param until the first second, since the epoch, at which it does not hold any more
 * @param from after which second it holds; null: from ever
 * @param address of which viewers it is for; null: of any
 */
record SignedStatement(
    @Nullable String resource, long until, @Nullable Long from, @Nullable Cidr address) {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * Reads a custom policy.
   *
   * @throws IOException when it is none, or says what is not known here: a condition that is passed
   *     over would be one that holds
   */
  static SignedStatement read(byte[] json) throws IOException {
    Draft draft = new Draft();
    try (JsonParser parser = JSON.createParser(json)) {
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      field(parser, "Statement");
      expect(parser.nextToken(), JsonToken.START_ARRAY);
      expect(parser.nextToken(), JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        switch (parser.currentName()) {
          case "Resource" -> draft.resource = text(parser);
          case "Condition" -> conditions(parser, draft);
          default -> throw new IOException("unknown field " + parser.currentName());
        }
      }
      expect(parser.nextToken(), JsonToken.END_ARRAY);
      expect(parser.nextToken(), JsonToken.END_OBJECT);
      if (parser.nextToken() != null) {
        throw new IOException("more than a policy");
      }
    }
    Long until = draft.until;
    if (until == null) {
      throw new IOException("no end");
    }
    return new SignedStatement(draft.resource, until, draft.from, draft.address);
  }

  private static final class Draft {
    private @Nullable String resource;
    private @Nullable Long until;
    private @Nullable Long from;
    private @Nullable Cidr address;
  }

  private static void conditions(JsonParser parser, Draft draft) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      switch (parser.currentName()) {
        case "DateLessThan" -> draft.until = time(parser);
        case "DateGreaterThan" -> draft.from = time(parser);
        case "IpAddress" -> draft.address = address(parser);
        default -> throw new IOException("unknown condition " + parser.currentName());
      }
    }
  }

  private static long time(JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT);
    field(parser, "AWS:EpochTime");
    expect(parser.nextToken(), JsonToken.VALUE_NUMBER_INT);
    long seconds = parser.getLongValue();
    expect(parser.nextToken(), JsonToken.END_OBJECT);
    return seconds;
  }

  private static @Nullable Cidr address(JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.START_OBJECT);
    field(parser, "AWS:SourceIp");
    String text = text(parser);
    expect(parser.nextToken(), JsonToken.END_OBJECT);
    // AWS's signers write this where no address was given.
    if (text.equals("0.0.0.0/0")) {
      return null;
    }
    try {
      return Cidr.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  private static String text(JsonParser parser) throws IOException {
    expect(parser.nextToken(), JsonToken.VALUE_STRING);
    return parser.getText();
  }

  private static void field(JsonParser parser, String name) throws IOException {
    expect(parser.nextToken(), JsonToken.FIELD_NAME);
    if (!parser.currentName().equals(name)) {
      throw new IOException("unknown field " + parser.currentName());
    }
  }

  private static void expect(@Nullable JsonToken token, JsonToken expected) throws IOException {
    if (token != expected) {
      throw new IOException("no policy");
    }
  }

  /** Whether it is for this very address, and not for all of some form. */
  boolean names(String url) {
    return url.equals(resource);
  }

  /** Characters of what it says. */
  int size() {
    return resource == null ? 0 : resource.length();
  }

  /** Whether it is for this address. */
  boolean isFor(String url) {
    return resource == null || matches(resource, url);
  }

  /** {@code *} stands for any characters, {@code ?} for one. Linear but for the last star. */
  private static boolean matches(String pattern, String text) {
    int at = 0;
    int star = -1;
    int resume = 0;
    int i = 0;
    while (i < text.length()) {
      char wanted = at < pattern.length() ? pattern.charAt(at) : 0;
      if (wanted == '*') {
        star = at++;
        resume = i;
      } else if (at < pattern.length() && (wanted == '?' || wanted == text.charAt(i))) {
        at++;
        i++;
      } else if (star >= 0) {
        at = star + 1;
        i = ++resume;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }
}
