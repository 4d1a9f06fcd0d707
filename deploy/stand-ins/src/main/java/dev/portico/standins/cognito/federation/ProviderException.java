package dev.portico.standins.cognito.federation;

/** An identity provider that does not answer, or not as it must. */
public final class ProviderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProviderException(String message) {
    super(message, null, false, false);
  }

  /** What is wrong, never null. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
