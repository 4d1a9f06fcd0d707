package dev.portico.standins.process;

/**
 * A process could not be started, died, or never became ready. The message names the process, what
 * happened, its log file and the last lines in it.
 */
public final class ProcessFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProcessFailure(String message) {
    super(message);
  }

  ProcessFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
