package dev.portico.standins.cognito.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations that the stand-in knows, by name. */
public final class Operations {
  /**
   * One operation.
   *
   * @param signed whether the caller must sign with AWS credentials
   * @param action what it does
   */
  public record Operation(boolean signed, Function<Params, ObjectNode> action) {}

  private final Map<String, Operation> byName = new HashMap<>();

  /** Adds an operation of the pool's owner, who signs with AWS credentials. */
  public Operations signed(String name, Function<Params, ObjectNode> action) {
    byName.put(name, new Operation(true, action));
    return this;
  }

  /** Adds an operation of an app, which needs no AWS credentials. */
  public Operations open(String name, Function<Params, ObjectNode> action) {
    byName.put(name, new Operation(false, action));
    return this;
  }

  /** The operation of that name, or null. */
  public @Nullable Operation find(String name) {
    return byName.get(name);
  }
}
