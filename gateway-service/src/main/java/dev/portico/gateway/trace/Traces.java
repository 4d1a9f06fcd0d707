package dev.portico.gateway.trace;

import dev.portico.gateway.exchange.RequestIds;
import dev.portico.gateway.exchange.Timeline;
import dev.portico.gateway.exchange.ViewerRequest;

/**
 * Tells a collector about requests that something else was asked for. From any thread; never waits,
 * and never fails on account of the collector.
 */
public interface Traces {
  /** Tells nobody. */
  Traces OFF =
      new Traces() {
        @Override
        public boolean joinsViewers() {
          return true;
        }

        @Override
        public TracedCall call(
            RequestIds ids, String method, String target, String host, int port, int before) {
          return TracedCall.NONE;
        }

        @Override
        public boolean finished(ViewerRequest request, Timeline timeline) {
          return false;
        }
      };

  /**
   * Whether requests belong to the traces that their viewers name. They do not where viewers have
   * no say in what is kept; each then begins a trace of its own.
   */
  boolean joinsViewers();

  /**
   * Begins a question to another server.
   *
   * @param ids those of the request on whose behalf it is asked
   * @param method the method
   * @param target path and query; the query, which may hold secrets, is told to nobody
   * @param host who is asked: its name or address
   * @param port its port; -1 for that of the scheme
   * @param before how often the same has been asked already
   */
  TracedCall call(RequestIds ids, String method, String target, String host, int port, int before);

  /**
   * A request is over for which something else was asked ({@link Timeline#asked()}).
   *
   * @return whether it is in a trace that is kept
   */
  boolean finished(ViewerRequest request, Timeline timeline);
}
