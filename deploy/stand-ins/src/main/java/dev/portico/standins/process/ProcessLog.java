package dev.portico.standins.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What one run of a process has written: its part of a log file that earlier runs began. */
record ProcessLog(Path file, long start) {
  /** The most that is read of a log, from its end. In bytes. */
  private static final int WINDOW = 4 << 20;

  static ProcessLog open(Path file) {
    try {
      var folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      return new ProcessLog(file, Files.exists(file) ? Files.size(file) : 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the log " + file, e);
    }
  }

  String text() {
    try (var channel = FileChannel.open(file)) {
      long from = Math.max(start, channel.size() - WINDOW);
      var bytes = ByteBuffer.allocate((int) Math.max(0, channel.size() - from));
      int read = 0;
      while (bytes.hasRemaining() && read >= 0) {
        read = channel.read(bytes, from + bytes.position());
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  List<String> lastLines(int count) {
    var lines = text().lines().toList();
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }
}
