package dev.portico.content.s3;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad line to a server: its first connections suffer a fault each, all later ones are good. It
 * counts bytes of a connection, and so wants a client that has not used it before.
 */
final class Relay implements AutoCloseable {
  private final URI target;
  private final Fault fault;
  private final long after;
  private final int faulty;
  private final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;

  /** What happens to a connection. */
  enum Fault {
    /** It ends while the client sends. */
    CUT_REQUEST,
    /** It ends while the server answers. */
    CUT_RESPONSE,
    /** One bit of what the client sends arrives changed. */
    CORRUPT_REQUEST
  }

  /**
   * Opens it.
   *
   * @param target the server behind
   * @param fault what happens
   * @param after how many bytes pass unharmed in the fault's direction
   * @param faulty how many connections suffer it
   */
  Relay(URI target, Fault fault, long after, int faulty) {
    this.target = target;
    this.fault = fault;
    this.after = after;
    this.faulty = faulty;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Where clients find it. */
  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  /** How many connections there were. */
  int connections() {
    return connections.get();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        var behind = new Socket(target.getHost(), target.getPort());
        boolean bad = connections.incrementAndGet() <= faulty;
        boolean response = fault == Fault.CUT_RESPONSE;
        var cut = new AtomicBoolean();
        Thread.ofVirtual().start(() -> carry(client, behind, bad && !response, cut));
        Thread.ofVirtual().start(() -> carry(behind, client, bad && response, cut));
      } catch (IOException e) {
        closeQuietly(server);
      }
    }
  }

  /** Carries one direction; whichever ends first ends both. */
  private void carry(Socket from, Socket to, boolean bad, AtomicBoolean cut) {
    try (from;
        to) {
      pump(from.getInputStream(), to.getOutputStream(), bad, cut);
    } catch (IOException e) {
      // One of the two has hung up, which closing both tells the other.
    }
  }

  private void pump(InputStream in, OutputStream out, boolean bad, AtomicBoolean cut)
      throws IOException {
    byte[] buffer = new byte[8192];
    long seen = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (cut.get()) {
        // A server answers what was cut off as well; a line that is gone brings no answer.
        return;
      }
      if (bad && seen <= after && after < seen + read) {
        int at = (int) (after - seen);
        if (fault != Fault.CORRUPT_REQUEST) {
          out.write(buffer, 0, at);
          cut.set(true);
          return;
        }
        buffer[at] ^= 1;
      }
      out.write(buffer, 0, read);
      seen += read;
    }
  }

  private static void closeQuietly(Closeable closed) {
    try {
      closed.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeQuietly(server);
  }
}
