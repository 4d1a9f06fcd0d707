package dev.portico.standins.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback TCP ports. */
public final class Ports {
  static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /**
   * From here to {@link #END} systems give no port away by themselves (Linux: from 32768, the
   * others from 49152), so that none is lost to an outgoing connection before the program listens.
   */
  private static final int FIRST = 10_000;

  private static final int END = 32_768;

  /** More than this many in use one after the other is no accident. */
  private static final int TRIES = 1_000;

  private Ports() {}

  /**
   * A port that was free a moment ago, chosen at random, since others may be looking for one at the
   * same time. For programs that cannot choose one themselves and say which; prefer port 0 where
   * they can.
   *
   * @throws IllegalStateException when no free one is found
   */
  public static int free() {
    var random = ThreadLocalRandom.current();
    for (int tried = 0; tried < TRIES; tried++) {
      int port = random.nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free loopback port found from " + FIRST + " to " + END);
  }

  /** Whether a program could listen on the loopback port now. */
  public static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      // As servers do, so that connections still closing do not count as somebody listening.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(LOOPBACK, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
