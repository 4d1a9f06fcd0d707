package dev.portico.gateway.access;

import dev.portico.gateway.exchange.ViewerRequest;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Answers: who is a request from? */
public interface Identities {
  /**
   * From memory alone, so that the event loop may ask it for every request.
   *
   * @return null when it is not known without asking others
   */
  @Nullable Identification known(ViewerRequest request, String site);

  /**
   * Asks whoever knows; one question for as many requests as wait for the same answer.
   *
   * @return never completed exceptionally; completed on any thread
   */
  CompletionStage<Identification> ask(ViewerRequest request, String site);
}
