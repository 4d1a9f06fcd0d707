package dev.portico.gateway.cache.semantics;

import dev.portico.gateway.exchange.HeaderFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Answers: by which tags can a stored response be invalidated? {@code Cache-Tag} is separated by
 * commas (Cloudflare's and Akamai's way), {@code Surrogate-Key} by spaces (Fastly's); both may be
 * there and count together. Tags are printable ASCII without spaces and commas, and compare
 * exactly. At most {@value #MOST_TAGS} of at most {@value #LONGEST_TAG} characters are read: what
 * goes beyond is dropped, and {@link #complete} tells, since such a response can be missed by an
 * invalidation.
 *
 * @param tags the tags in order, each once
 * @param complete whether none was dropped
 */
public record CacheTags(List<String> tags, boolean complete) {
  /** The most tags that a response may have. */
  public static final int MOST_TAGS = 128;

  /** The most characters that a tag may have. */
  public static final int LONGEST_TAG = 256;

  /** No tag. */
  public static final CacheTags NONE = new CacheTags(List.of(), true);

  /** Makes the list immutable. */
  public CacheTags {
    tags = List.copyOf(tags);
  }

  /** Reads a response's fields. */
  public static CacheTags of(HeaderFields response) {
    List<String> lines = new ArrayList<>(response.all("Cache-Tag"));
    lines.addAll(response.all("Surrogate-Key"));
    if (lines.isEmpty()) {
      return NONE;
    }
    Set<String> tags = new LinkedHashSet<>();
    boolean complete = true;
    for (String line : lines) {
      for (String tag : line.split("[, \\t]+", -1)) {
        if (tag.isEmpty() || tags.contains(tag)) {
          continue;
        }
        if (tags.size() < MOST_TAGS && isTag(tag)) {
          tags.add(tag);
        } else {
          complete = false;
        }
      }
    }
    return new CacheTags(List.copyOf(tags), complete);
  }

  /** Whether the text is a tag, as an invalidation may name it. */
  public static boolean isTag(String text) {
    if (text.isEmpty() || text.length() > LONGEST_TAG) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == ',') {
        return false;
      }
    }
    return true;
  }
}
