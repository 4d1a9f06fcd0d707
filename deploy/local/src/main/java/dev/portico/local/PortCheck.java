package dev.portico.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Whether a port can be listened on, and who is in the way. */
final class PortCheck {
  /** Children of a launcher that was just killed give their ports back within moments. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private PortCheck() {}

  /**
   * Returns when the port is free.
   *
   * @param option the option that chooses another port
   * @throws CannotStart when it is in use, or may not be listened on
   */
  static void require(int port, String option) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        if (isFree(port)) {
          return;
        }
      } catch (Forbidden e) {
        // Nobody will give it back: no patience.
        throw new CannotStart(
            "port %d may not be listened on by this user (%s); choose another port with %s, such as one above 1023"
                .formatted(port, e.getMessage(), option),
            e);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new CannotStart(
            "port %d is in use%s; stop that, or choose another port with %s"
                .formatted(port, owner(port).map(who -> " by " + who).orElse(""), option));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** The system does not let this user have the port, whoever has it. */
  static final class Forbidden extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Forbidden(BindException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Whether nobody listens on the port, neither on all addresses nor on a loopback one.
   *
   * @throws Forbidden when this user may not listen there
   */
  static boolean isFree(int port) {
    return canListen(new InetSocketAddress(port))
        && canListen(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
  }

  private static boolean canListen(InetSocketAddress address) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return true;
    } catch (BindException e) {
      if (isForbidden(e)) {
        throw new Forbidden(e);
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /** EACCES, and EPERM where a sandbox forbids it; the JDK tells them by their texts alone. */
  static boolean isForbidden(BindException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("Permission denied") || text.contains("Operation not permitted");
  }

  /** Who listens on the port: program and process id, as far as this user may know. */
  static Optional<String> owner(int port) {
    try {
      var sockets = listeningSockets(port);
      try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
        for (var process : processes) {
          if (holdsAny(process, sockets)) {
            return Optional.of(describe(process));
          }
        }
      }
    } catch (IOException notLinux) {
      return ownerByLsof(port);
    }
    return Optional.empty();
  }

  /** Inodes of the sockets that listen on the port (proc(5), /proc/net/tcp; state 0A is LISTEN). */
  private static Set<String> listeningSockets(int port) throws IOException {
    var inodes = new HashSet<String>();
    for (var table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
      if (!Files.exists(Path.of(table))) {
        continue;
      }
      for (var line : Files.readAllLines(Path.of(table))) {
        var columns = line.strip().split("\\s+", -1);
        if (columns.length > 9
            && columns[1].endsWith(":%04X".formatted(port))
            && columns[3].equals("0A")) {
          inodes.add("socket:[" + columns[9] + "]");
        }
      }
    }
    return inodes;
  }

  private static boolean holdsAny(Path process, Set<String> sockets) {
    try (var files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var file : files) {
        if (sockets.contains(Files.readSymbolicLink(file).toString())) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException notOurs) {
      return false;
    }
    return false;
  }

  private static String describe(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip()
          + " (process "
          + process.getFileName()
          + ")";
    } catch (IOException gone) {
      return "process " + process.getFileName();
    }
  }

  private static Optional<String> ownerByLsof(int port) {
    try {
      var lsof = new ProcessBuilder("lsof", "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-Fpc").start();
      String id = "";
      String program = "";
      for (var line : lsof.inputReader().lines().toList()) {
        if (line.startsWith("p")) {
          id = line.substring(1);
        } else if (line.startsWith("c")) {
          program = line.substring(1);
        }
      }
      return id.isEmpty()
          ? Optional.empty()
          : Optional.of("%s (process %s)".formatted(program, id));
    } catch (IOException noLsof) {
      return Optional.empty();
    }
  }
}
