package dev.portico.gateway.observe;

/** Something that must be true before viewers are sent here. */
public interface ReadinessCondition {
  /** Whether it is true now. */
  boolean ready();
}
