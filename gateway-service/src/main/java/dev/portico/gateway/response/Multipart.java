package dev.portico.gateway.response;

import dev.portico.gateway.exchange.ResponseHead;
import java.util.ArrayList;
import java.util.List;

/** Several ranges in one body (RFC 9110, section 14.6; RFC 2046, section 5.1.1). */
public final class Multipart {
  private Multipart() {}

  /**
   * What separates the parts.
   *
   * @param random bits that nobody can foresee, or a part could hold it
   */
  public static String boundary(long random) {
    return "portico" + Long.toHexString(random);
  }

  /** The media type of such a body. */
  public static String type(String boundary) {
    return "multipart/byteranges; boundary=" + boundary;
  }

  /**
   * What is sent.
   *
   * @param head of the response, complete
   * @param type media type of the representation
   * @param size of the representation in bytes
   * @param ranges two or more
   * @param boundary separates the parts: random, letters and digits only
   */
  public static FileDecision.Parts parts(
      ResponseHead head, String type, long size, List<ByteRange> ranges, String boundary) {
    List<FileDecision.Part> parts = new ArrayList<>(ranges.size());
    String trailer = "\r\n--" + boundary + "--\r\n";
    long length = trailer.length();
    for (ByteRange range : ranges) {
      String before =
          (parts.isEmpty() ? "--" : "\r\n--")
              + boundary
              + "\r\nContent-Type: "
              + type
              + "\r\nContent-Range: "
              + range.contentRange(size)
              + "\r\n\r\n";
      parts.add(new FileDecision.Part(before, range));
      length += before.length() + range.length();
    }
    return new FileDecision.Parts(head, length, parts, trailer);
  }
}
