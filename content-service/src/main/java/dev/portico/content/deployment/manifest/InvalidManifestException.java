package dev.portico.content.deployment.manifest;

import java.util.List;

/** A manifest that cannot be published, with the faults found (at most {@value #MAX_FAULTS}). */
public final class InvalidManifestException extends RuntimeException {
  /** More faults than this are not listed: the reader has enough to start with. */
  public static final int MAX_FAULTS = 100;

  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;
  private final Kind kind;

  /** How the manifest fails: decides the status of the answer. */
  public enum Kind {
    /** Not JSON, or not of the manifest's shape. */
    MALFORMED,
    /** Of the right shape, but a value breaks a rule. */
    INVALID,
    /** Valid, but larger than a limit of the service. */
    TOO_LARGE
  }

  InvalidManifestException(Kind kind, List<Fault> faults) {
    super(
        faults.isEmpty()
            ? kind.name()
            : faults.getFirst().field() + ": " + faults.getFirst().reason());
    this.kind = kind;
    this.faults = List.copyOf(faults.subList(0, Math.min(MAX_FAULTS, faults.size())));
  }

  InvalidManifestException(Kind kind, String field, String reason) {
    this(kind, List.of(new Fault(field, reason)));
  }

  /** What was found, in the order of the manifest. */
  public List<Fault> faults() {
    return faults;
  }

  /** How the manifest fails. */
  public Kind kind() {
    return kind;
  }
}
