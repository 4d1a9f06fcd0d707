package dev.portico.standins.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the files of a built working copy are.
 *
 * @param root the folder that has {@code deploy/contracts}
 */
public record Checkout(Path root) {
  /**
   * The working copy that the system property {@code portico.root} names, else the nearest one at
   * or above the working directory.
   *
   * @throws IllegalStateException when there is none
   */
  public static Checkout locate() {
    var setting = System.getProperty("portico.root");
    if (setting != null && isRoot(Path.of(setting))) {
      return new Checkout(Path.of(setting).toAbsolutePath().normalize());
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (isRoot(at)) {
        return new Checkout(at);
      }
    }
    throw new IllegalStateException(
        "no folder with deploy/contracts at or above "
            + Path.of("").toAbsolutePath()
            + "; name it by -Dportico.root=");
  }

  private static boolean isRoot(Path folder) {
    return Files.isDirectory(folder.resolve("deploy/contracts"));
  }

  /** A file of {@code deploy/contracts}. */
  public Path contract(String name) {
    return root.resolve("deploy/contracts").resolve(name);
  }

  /** The folder of DynamoDB Local's jars. */
  public Path dynamoDbLocalLibraries() {
    return built(root.resolve("deploy/stand-ins/dynamodb-local/target/lib"));
  }

  /** S3Proxy with all it needs in one jar. */
  public Path s3ProxyJar() {
    return built(root.resolve("deploy/stand-ins/target/s3proxy/s3proxy.jar"));
  }

  /** The jar of the stand-ins, its libraries beside it. */
  public Path standInsJar() {
    return built(root.resolve("deploy/stand-ins/target/portico-stand-ins.jar"));
  }

  /** The jar of a service, for example {@code content-service}, its libraries beside it. */
  public Path serviceJar(String service) {
    return built(root.resolve(service).resolve("target").resolve(service + ".jar"));
  }

  /** Reads a contract as text. */
  public String readContract(String name) {
    try {
      return Files.readString(contract(name));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + contract(name), e);
    }
  }

  private static Path built(Path file) {
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          file + " is missing; build it first: mvn -DskipTests package");
    }
    return file;
  }
}
