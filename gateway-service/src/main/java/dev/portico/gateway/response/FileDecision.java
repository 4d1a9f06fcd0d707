package dev.portico.gateway.response;

import dev.portico.gateway.exchange.ContentCoding;
import dev.portico.gateway.exchange.ResponseHead;
import java.util.List;

/**
 * What a request for a file is answered, before any byte of the file has been touched. Heads come
 * without Content-Length: whoever writes the body frames it.
 */
public sealed interface FileDecision {
  /**
   * A response without content: 304, 412, 416.
   *
   * @param head status and fields
   */
  record Complete(ResponseHead head) implements FileDecision {}

  /**
   * Parts of the plain file: 206.
   *
   * @param head status and fields
   * @param length how many bytes follow in all
   * @param parts what to send, in order
   * @param trailer what follows the last part, in ISO 8859-1; empty for a single one
   */
  record Parts(ResponseHead head, long length, List<Part> parts, String trailer)
      implements FileDecision {
    /** Makes the list immutable. */
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /**
   * The whole file in the first of these codings that exists, else as it is; {@link
   * FileResponses#whole} has the head once that is known.
   *
   * @param codings best first, without identity
   */
  record Whole(List<ContentCoding> codings) implements FileDecision {
    /** Makes the list immutable. */
    public Whole {
      codings = List.copyOf(codings);
    }
  }

  /**
   * A part of a file.
   *
   * @param before what to send before it: the head of a part of a multipart body in ISO 8859-1,
   *     else nothing
   * @param range the file's bytes
   */
  record Part(String before, ByteRange range) {}
}
