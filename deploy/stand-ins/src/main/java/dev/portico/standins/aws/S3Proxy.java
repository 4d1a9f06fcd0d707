package dev.portico.standins.aws;

import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import dev.portico.standins.process.Ports;
import dev.portico.standins.process.ReadinessProbe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * S3Proxy on the file system, in a process of its own. It checks signatures.
 *
 * @param process the running process
 * @param port the loopback port it listens on
 * @param data the folder whose sub-folders are the buckets
 */
public record S3Proxy(ManagedProcess process, int port, Path data) implements AutoCloseable {
  /**
   * Starts it and does not wait; call {@link ManagedProcess#awaitReady()}.
   *
   * @param checkout where its jar is
   * @param folder where it keeps its settings and, below {@code buckets}, the objects
   * @param port the loopback port, or 0 for any free one
   * @param log the log file
   */
  public static S3Proxy start(Checkout checkout, Path folder, int port, Path log) {
    int chosen = port == 0 ? Ports.free() : port;
    var data = folder.toAbsolutePath().resolve("buckets");
    var settings = folder.toAbsolutePath().resolve("s3proxy.conf");
    try {
      Files.createDirectories(data);
      Files.writeString(settings, settings(chosen, data));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the folder " + folder, e);
    }
    var process =
        ManagedProcess.named("S3Proxy")
            .command(
                ManagedProcess.java().toString(),
                "-XX:+UseSerialGC",
                "-jar",
                checkout.s3ProxyJar().toString(),
                "--properties",
                settings.toString())
            .log(log)
            .readyWhen(ReadinessProbe.answers(URI.create("http://127.0.0.1:" + chosen + "/")))
            .start();
    return new S3Proxy(process, chosen, data);
  }

  private static String settings(int port, Path data) {
    var account = LocalCredentials.DEFAULT;
    return """
    s3proxy.endpoint=http://127.0.0.1:%d
    s3proxy.authorization=aws-v2-or-v4
    s3proxy.identity=%s
    s3proxy.credential=%s
    jclouds.provider=filesystem-nio2
    jclouds.filesystem.basedir=%s
    """
        .formatted(port, account.keyId(), account.secret(), data.toString().replace("\\", "\\\\"));
  }

  /** Where clients find it; they must use path-style addresses. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Creates a bucket that is not public. Harmless when it exists. */
  public void createBucket(String bucket) {
    createBucket(data, bucket);
  }

  /**
   * The same, in the folder of an S3Proxy that somebody else starts.
   *
   * @param data the folder whose sub-folders are the buckets
   */
  public static void createBucket(Path data, String bucket) {
    try {
      var folder = Files.createDirectories(data.resolve(bucket));
      if (Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class)) {
        // A folder that others can read is a public bucket to S3Proxy.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the bucket " + bucket, e);
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
