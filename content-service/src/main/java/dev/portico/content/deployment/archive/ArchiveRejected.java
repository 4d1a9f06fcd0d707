package dev.portico.content.deployment.archive;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An archive cannot be published as it is. The message is a sentence for the person who sent it.
 */
public final class ArchiveRejected extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was broken. */
  public enum Rule {
    /** Not an archive of a known format. */
    UNKNOWN_FORMAT(400),
    /** The archive ends too early. */
    TRUNCATED(400),
    /** The archive cannot be read: damaged, or something follows its end. */
    CORRUPT(400),
    /** The archive holds no file. */
    EMPTY(422),
    /** More files than allowed. */
    TOO_MANY_FILES(413),
    /** More bytes than allowed, in one file or in all. */
    TOO_LARGE(413),
    /** Expands to suspiciously many times its size. */
    RATIO(413),
    /** Longer name than allowed. */
    NAME_TOO_LONG(422),
    /** A name that no site may have: absolute, `..`, control characters, backslash, not UTF-8. */
    NAME(422),
    /** A path occurs twice, or both as file and as directory. */
    DUPLICATE(422),
    /** Names that differ only in their Unicode form. */
    UNICODE(422),
    /** A link that leaves the archive or leads nowhere. */
    LINK(422),
    /** Links in a circle. */
    LINK_LOOP(422),
    /** A device, fifo, sparse file or other kind that a site cannot hold. */
    KIND(422),
    /** An encrypted entry. */
    ENCRYPTED(422);

    private final int status;

    Rule(int status) {
      this.status = status;
    }

    /** The HTTP status that fits: 400, 413 or 422. */
    public int status() {
      return status;
    }

    /** A stable, lower-case name for problem details. */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Rule rule;
  private final @Nullable String entry;

  /**
   * Refuses an archive.
   *
   * @param entry the name of the entry concerned, as safe to show, or null
   */
  public ArchiveRejected(Rule rule, @Nullable String entry, String message) {
    super(message);
    this.rule = rule;
    this.entry = entry;
  }

  /** What was broken. */
  public Rule rule() {
    return rule;
  }

  /** The name of the entry concerned, safe to show, or null when it is the archive as a whole. */
  public @Nullable String entry() {
    return entry;
  }
}
