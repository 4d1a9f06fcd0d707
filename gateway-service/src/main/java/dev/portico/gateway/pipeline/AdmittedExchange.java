package dev.portico.gateway.pipeline;

import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.RequestBody;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerRequest;
import io.netty.buffer.ByteBuf;
import java.util.Set;

/**
 * An exchange that has passed the guard: without what let it in, and with what the gateway says of
 * whom it is from, which viewers can say in no place.
 */
final class AdmittedExchange extends ForwardingExchange {
  private final Set<String> told;

  /**
   * An exchange.
   *
   * @param told names, in lower case, of the fields that only the gateway may say
   */
  AdmittedExchange(ViewerExchange original, ViewerRequest request, Set<String> told) {
    super(original, request);
    this.told = told;
  }

  @Override
  public void receiveBody(RequestBody receiver) {
    if (told.isEmpty()) {
      original.receiveBody(receiver);
      return;
    }
    original.receiveBody(
        new RequestBody() {
          @Override
          public void data(ByteBuf some) {
            receiver.data(some);
          }

          @Override
          public void end(HeaderFields trailers) {
            receiver.end(ToldFields.without(trailers, told));
          }

          @Override
          public void broken(boolean tooSlow) {
            receiver.broken(tooSlow);
          }
        });
  }
}
