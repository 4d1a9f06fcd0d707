package dev.portico.gateway.connection;

import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.ViewerRequest;

/** What the door says about a request. */
sealed interface Admission {
  /** The request; when it was refused, with what could be read of it. */
  ViewerRequest request();

  /** It may pass. */
  record Admitted(ViewerRequest request) implements Admission {}

  /** It is answered with this error. */
  record Refused(ViewerRequest request, EdgeError error) implements Admission {}
}
