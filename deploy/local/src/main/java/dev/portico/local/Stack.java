package dev.portico.local;

import dev.portico.standins.aws.DynamoDbLocal;
import dev.portico.standins.aws.LocalCredentials;
import dev.portico.standins.aws.S3Proxy;
import dev.portico.standins.process.Checkout;
import dev.portico.standins.process.ManagedProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The six processes. They start in the order of their dependencies, as much at once as those allow;
 * the launch library stops them in the reverse order when this JVM ends.
 */
final class Stack {
  private static final String NAME = "portico";

  /** For calls that wait on processes; daemons, so that they keep no JVM alive. */
  private static final Executor WAITERS =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory());

  private final Checkout checkout;
  private final DataFolder folder;
  private final Options options;
  private final Progress progress;
  private final PortPlan ports;
  private final List<ManagedProcess> processes = new ArrayList<>();
  private final Map<String, URI> addresses = new HashMap<>();
  private @Nullable URI codes;

  Stack(Checkout checkout, DataFolder folder, Options options, Progress progress, PortPlan ports) {
    this.checkout = checkout;
    this.folder = folder;
    this.options = options;
    this.progress = progress;
    this.ports = ports;
  }

  /**
   * Starts everything and returns when all of it is ready.
   *
   * @param adminPassword the password that the admin gets when the account is made
   * @throws RuntimeException when a process does not become ready; the message names it and shows
   *     the end of its log
   */
  void start(String adminPassword) {
    var dynamoDb =
        DynamoDbLocal.start(
            checkout,
            folder.folder("dynamodb"),
            ports.port("dynamodb", 8092),
            folder.log("dynamodb-local"));
    processes.add(dynamoDb.process());
    var s3 =
        S3Proxy.start(checkout, folder.folder("s3"), ports.port("s3", 8091), folder.log("s3proxy"));
    processes.add(s3.process());
    var cognito = Cognito.start(checkout, folder, ports.port("cognito", 9229));
    processes.add(cognito.process());
    addresses.put("DynamoDB", dynamoDb.endpoint());
    addresses.put("S3", s3.endpoint());
    addresses.put("Cognito", cognito.endpoint());
    codes = cognito.codes();

    var table =
        ready(dynamoDb.process(), () -> dynamoDb.createTable(checkout, NAME), "table " + NAME);
    var bucket = ready(s3.process(), () -> s3.createBucket(NAME), "bucket " + NAME);
    var pool = new CompletableFuture<UserPool>();
    var cognitoReady =
        ready(
            cognito.process(),
            () -> {
              try (var api = new CognitoApi(cognito.endpoint(), LocalCredentials.DEFAULT)) {
                pool.complete(UserPool.ensure(api, folder, adminPassword));
              }
            },
            "user pool, admin account");
    await(List.of(cognitoReady));

    var services = new Services(checkout, folder, options, ports, addresses);
    var auth = services.auth(cognito, pool.join(), NAME);
    processes.add(auth);
    var authReady = ready(auth, () -> {}, "");
    await(List.of(table, bucket));
    var content = services.content(cognito, pool.join(), NAME);
    processes.add(content);
    var gateway = services.gateway(cognito, pool.join());
    processes.add(gateway);
    await(List.of(authReady, ready(content, () -> {}, ""), ready(gateway, () -> {}, "")));
  }

  /** Done when the process is ready and what must follow is done. */
  private CompletableFuture<Void> ready(ManagedProcess process, Runnable then, String prepared) {
    return CompletableFuture.runAsync(
        () -> {
          process.awaitReady();
          then.run();
          progress.ready(process.name(), prepared.isEmpty() ? "ready" : "ready: " + prepared);
        },
        WAITERS);
  }

  /** Waits for all, or for the first failure among them. */
  @SuppressWarnings("FutureReturnValueIgnored") // Only its effect on the other future counts.
  private static void await(List<CompletableFuture<Void>> futures) {
    var all = CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
    for (var future : futures) {
      future.whenComplete(
          (done, failure) -> {
            if (failure != null) {
              all.completeExceptionally(failure);
            }
          });
    }
    try {
      all.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Blocks until one of the processes has ended, and returns it. */
  ManagedProcess awaitFirstEnd() {
    var ends =
        processes.stream()
            .map(process -> process.handle().onExit().thenApply(end -> process))
            .toArray(CompletableFuture<?>[]::new);
    return (ManagedProcess) CompletableFuture.anyOf(ends).join();
  }

  /** Ends all processes, the last started first, and waits for each. */
  void stop() {
    processes.reversed().forEach(ManagedProcess::close);
  }

  /** Where the codes are that AWS would mail; known once started. */
  @Nullable URI codes() {
    return codes;
  }

  /** Where the stand-ins and the services' management answer, by name. */
  Map<String, URI> addresses() {
    return addresses;
  }
}
