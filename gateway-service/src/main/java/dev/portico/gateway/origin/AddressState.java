package dev.portico.gateway.origin;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** What all event loops know of one address of an origin. */
final class AddressState {
  private final InetAddress address;
  private final CircuitBreaker breaker;
  private final AtomicInteger inFlight = new AtomicInteger();

  AddressState(InetAddress address, HttpOrigin.Breaker breaker) {
    this.address = address;
    this.breaker = new CircuitBreaker(breaker.failures(), breaker.openFor().toNanos());
  }

  InetAddress address() {
    return address;
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  /** Requests under way there. */
  AtomicInteger inFlight() {
    return inFlight;
  }
}
