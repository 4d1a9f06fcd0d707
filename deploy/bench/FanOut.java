import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Fan-out of the change feed: copies of content-service, and gateways that follow it by its
 * contract, as a gateway does: a poll, then the snapshot of each site that changed, then the
 * manifest of a deployment that is new. Its environment is that of a content-service. Usage:
 *
 * <p>java FanOut.java ROOT API TOKEN WORK GATEWAYS SITES COPIES SECONDS RATE…
 */
class FanOut {
  static final ObjectMapper JSON = new ObjectMapper();
  static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();
  static final String TEMPLATE = "fan-00000";
  static final String SECRET = System.getenv("PORTICO_INTERNAL_SECRETS").split(",", -1)[0];
  static final int WARM_UP_SECONDS = 5;

  final Path root;
  final URI api;
  final String token;
  final Path work;
  final int gatewayCount;
  final int siteCount;
  final int seconds;
  final LongAdder received = new LongAdder();
  final LongAdder polls = new LongAdder();
  final LongAdder failures = new LongAdder();
  final DynamoDb dynamoDb;
  final List<Copy> copies = new ArrayList<>();
  final List<Gateway> gateways = new ArrayList<>();
  final ConcurrentMap<String, AtomicLongArray> arrivals = new ConcurrentHashMap<>();
  volatile boolean stopped;
  int published;

  public static void main(String[] words) throws Exception {
    var fanOut = new FanOut(words);
    int status = 0;
    try {
      fanOut.run(Arrays.stream(words).skip(8).mapToInt(Integer::parseInt).toArray());
    } catch (Exception e) {
      System.err.println("bench: " + e);
      status = 1;
    }
    fanOut.stopped = true;
    fanOut.copies.forEach(copy -> copy.process.destroy());
    for (Copy copy : fanOut.copies) {
      copy.process.waitFor();
    }
    System.exit(status);
  }

  FanOut(String[] words) throws Exception {
    root = Path.of(words[0]);
    api = URI.create(words[1]);
    token = words[2];
    work = Path.of(words[3]);
    gatewayCount = Integer.parseInt(words[4]);
    siteCount = Integer.parseInt(words[5]);
    seconds = Integer.parseInt(words[7]);
    dynamoDb = new DynamoDb(URI.create(System.getenv("PORTICO_DYNAMODB_ENDPOINT")));
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> copies.forEach(copy -> copy.process.destroy())));
    for (int i = 0; i < Integer.parseInt(words[6]); i++) {
      copies.add(new Copy(i));
    }
  }

  void run(int[] rates) throws Exception {
    makeSites();
    for (Copy copy : copies) {
      copy.awaitReady();
    }
    System.out.printf(
        "%,d gateways, %,d sites, %d copies of content-service%n%n| a gateway that starts | |%n|---|---:|%n",
        gatewayCount, siteCount, copies.size());
    JsonNode end = startOneGateway();

    String question = Files.readString(root.resolve("deploy/contracts/changes-request.json"));
    for (int i = 0; i < gatewayCount; i++) {
      var gateway =
          new Gateway(
              i, copies.get(i % copies.size()).internal, (ObjectNode) JSON.readTree(question), end);
      gateways.add(gateway);
      Thread.ofVirtual().name(gateway.id).start(gateway::follow);
    }
    publish(1, WARM_UP_SECONDS); // finds everything cold, and does not count
    System.out.printf(
        "%n| publications/s | median | p99 | longest | polls/s | KB/s to gateways | processor, of one | calls of DynamoDB/s | read units/s | write units/s |%n"
            + "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|%n");
    var hottest = new StringBuilder();
    measure(0, hottest);
    for (int rate : rates) {
      measure(rate, hottest);
    }
    System.out.printf(
        "%n| publications/s | units/s by partition key, read + write |%n|---:|---|%n%s", hottest);
    if (failures.sum() > 0) {
      throw new IllegalStateException(failures.sum() + " requests of gateways failed");
    }
  }

  /**
   * Pages of snapshots until the last; answers the first page, which has the position to follow
   * from.
   */
  JsonNode startOneGateway() throws Exception {
    var before = new Counts(this);
    JsonNode first = null;
    String cursor = "";
    do {
      JsonNode page =
          JSON.readTree(get(copies.getFirst().internal, "/internal/snapshots" + cursor));
      first = first == null ? page : first;
      cursor = page.path("next").isNull() ? "" : "?cursor=" + page.path("next").asText();
    } while (!cursor.isEmpty());
    var used = new Counts(this).since(before);
    System.out.printf("| reads all sites in | %.1f s |%n", used.seconds());
    System.out.printf("| from content-service | %.1f MB |%n", used.received / 1e6);
    System.out.printf("| processor time of content-service | %.1f s |%n", used.processorSeconds);
    System.out.printf("| calls of DynamoDB | %,d |%n", used.calls);
    System.out.printf("| read units | %,.0f |%n", used.readUnits);
    return first;
  }

  void measure(int rate, StringBuilder hottest) throws Exception {
    var before = new Counts(this);
    long[] delays = publish(rate, seconds);
    var used = new Counts(this).since(before);
    String times =
        delays.length == 0
            ? "| | |"
            : "%d ms | %d ms | %d ms |".formatted(of(delays, 0.5), of(delays, 0.99), of(delays, 1));
    System.out.printf(
        "| %d | %s %.0f | %.0f | %.2f | %.0f | %.0f | %.0f |%n",
        rate,
        times,
        used.polls / used.seconds(),
        used.received / 1e3 / used.seconds(),
        used.processorSeconds / used.seconds(),
        used.calls / used.seconds(),
        used.readUnits / used.seconds(),
        used.writeUnits / used.seconds());
    var keys = new ArrayList<String>();
    used.units.forEach((key, units) -> keys.add("%s %.0f".formatted(key, units / used.seconds())));
    hottest.append("| %d | %s |%n".formatted(rate, String.join(", ", keys)));
  }

  static long of(long[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(sorted.length * share) - 1)] / 1_000_000;
  }

  /**
   * Publishes, each time another site and new bytes, at a pace that slow answers do not hold back;
   * with a rate of 0 waits.
   *
   * @return sorted nanoseconds from each answer until each gateway had snapshot and manifest
   */
  long[] publish(int rate, int forSeconds) throws Exception {
    if (rate == 0) {
      Thread.sleep(forSeconds * 1000L);
      return new long[0];
    }
    ConcurrentMap<String, Long> answered = new ConcurrentHashMap<>();
    var underWay = new Semaphore(64);
    long began = System.nanoTime();
    for (int i = 0; i < rate * forSeconds; i++) {
      Thread.sleep(
          Duration.ofNanos(Math.max(0, began + i * 1_000_000_000L / rate - System.nanoTime())));
      int number = ++published;
      underWay.acquire();
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  String deployment = publishOne(number);
                  answered.put(deployment, System.nanoTime());
                } catch (Exception e) {
                  failed("a publication", e);
                } finally {
                  underWay.release();
                }
              });
    }
    underWay.acquire(64);
    var delays = new ArrayList<Long>();
    for (Map.Entry<String, Long> each : answered.entrySet()) {
      for (int gateway = 0; gateway < gatewayCount; gateway++) {
        long arrived;
        while ((arrived = arrivalsOf(each.getKey()).get(gateway)) == 0) {
          if (System.nanoTime() - each.getValue() > 90_000_000_000L) {
            throw new IllegalStateException(
                "gateway " + gateway + " has no " + each.getKey() + " after 90 s");
          }
          Thread.sleep(1);
        }
        delays.add(Math.max(0, arrived - each.getValue()));
      }
    }
    return delays.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  AtomicLongArray arrivalsOf(String deployment) {
    return arrivals.computeIfAbsent(deployment, key -> new AtomicLongArray(gatewayCount));
  }

  /** One small file, of bytes that nobody has had before. */
  String publishOne(int number) throws Exception {
    byte[] bytes = ("publication " + number + " of " + work).getBytes(StandardCharsets.UTF_8);
    String site = "fan-%05d".formatted(number % siteCount);
    var request =
        HttpRequest.newBuilder(api.resolve("/v1/sites/" + site + "/deployments"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/x-tar")
            .PUT(BodyPublishers.ofByteArray(tar("page.bin", bytes)))
            .build();
    var answer = HTTP.send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return JSON.readTree(answer.body()).path("id").asText();
  }

  /** A ustar of one file (POSIX.1-1988). */
  static byte[] tar(String name, byte[] bytes) throws IOException {
    var header = new byte[512];
    put(header, 0, name);
    put(header, 100, "0000644");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, "%011o".formatted(bytes.length));
    put(header, 136, "%011o".formatted(0));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    var tar = new ByteArrayOutputStream();
    tar.write(header);
    tar.write(bytes);
    tar.write(new byte[(512 - bytes.length % 512) % 512 + 1024]);
    return tar.toByteArray();
  }

  static void put(byte[] header, int at, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  void failed(String what, Exception failure) {
    if (!stopped) {
      failures.increment();
      System.err.println("bench: " + what + ": " + failure);
    }
  }

  byte[] get(URI base, String path) throws Exception {
    return ask(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  byte[] ask(HttpRequest.Builder request) throws Exception {
    request.header("Authorization", "Bearer " + SECRET).timeout(Duration.ofSeconds(30));
    var answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
    received.add(answer.body().length);
    if (answer.statusCode() != 200) {
      throw new IOException(answer.uri() + ": " + answer.statusCode());
    }
    return answer.body();
  }

  /** Follows the feed as deploy/contracts/README.md says. */
  final class Gateway {
    final String id;
    final int number;
    final URI content;
    final ObjectNode question;
    final Set<String> manifests = ConcurrentHashMap.newKeySet();

    Gateway(int number, URI content, ObjectNode question, JsonNode end) {
      this.id = "gw-%016x".formatted(number);
      this.number = number;
      this.content = content;
      this.question = question;
      question.put("gateway", id);
      question.putObject("counters").put("sites", siteCount);
      moveTo(end);
    }

    void moveTo(JsonNode answer) {
      question.set("after", answer.path("position"));
      question.set("mark", answer.path("mark"));
    }

    void follow() {
      while (!stopped) {
        try {
          polls.increment();
          JsonNode answer =
              JSON.readTree(
                  ask(
                      HttpRequest.newBuilder(content.resolve("/internal/changes"))
                          .header("Content-Type", "application/json")
                          .POST(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(question)))));
          moveTo(answer);
          for (JsonNode change : answer.path("changes")) {
            if (change.path("type").asText().equals("site")) {
              Thread.ofVirtual().start(() -> update(change.path("site").asText()));
            }
          }
        } catch (Exception e) {
          failed(id, e);
          return;
        }
      }
    }

    void update(String site) {
      try {
        String path = "/internal/sites/" + site;
        String deployment =
            JSON.readTree(get(content, path + "/snapshot")).path("deployment").asText();
        if (manifests.add(deployment)) {
          get(content, path + "/deployments/" + deployment + "/manifest");
        }
        arrivalsOf(deployment).compareAndSet(number, 0, System.nanoTime());
      } catch (Exception e) {
        failed(id + " at " + site, e);
      }
    }
  }

  /** A content-service, with the memory of a task of 1 GB. */
  final class Copy {
    final URI internal;
    final URI management;
    final Process process;

    Copy(int number) throws IOException {
      int[] ports = freePorts();
      internal = URI.create("http://127.0.0.1:" + ports[1]);
      management = URI.create("http://127.0.0.1:" + ports[2]);
      var builder =
          new ProcessBuilder(
              ProcessHandle.current().info().command().orElse("java"),
              "@" + root.resolve("deploy/images/files/app/jvm.options"),
              "-XX:MaxRAM=1g",
              "-jar",
              root.resolve("content-service/target/content-service.jar").toString());
      builder.environment().put("PORTICO_API_PORT", Integer.toString(ports[0]));
      builder.environment().put("PORTICO_INTERNAL_PORT", Integer.toString(ports[1]));
      builder.environment().put("PORTICO_MANAGEMENT_PORT", Integer.toString(ports[2]));
      builder.environment().put("PORTICO_DYNAMODB_ENDPOINT", dynamoDb.address());
      builder
          .redirectErrorStream(true)
          .redirectOutput(work.resolve("copy-" + number + ".out").toFile());
      process = builder.start();
    }

    void awaitReady() throws Exception {
      long began = System.nanoTime();
      var question = HttpRequest.newBuilder(management.resolve("/health/readiness")).build();
      while (true) {
        try {
          if (HTTP.send(question, BodyHandlers.discarding()).statusCode() == 200) {
            return;
          }
        } catch (IOException e) {
          // Not listening yet.
        }
        if (!process.isAlive() || System.nanoTime() - began > 60_000_000_000L) {
          throw new IllegalStateException("a copy of content-service does not become ready");
        }
        Thread.sleep(50);
      }
    }

    double processorSeconds() {
      return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
    }
  }

  static int[] freePorts() throws IOException {
    try (var one = new ServerSocket(0);
        var two = new ServerSocket(0);
        var three = new ServerSocket(0)) {
      return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
    }
  }

  /** Everything that is counted, at one moment, or between two. */
  static final class Counts {
    long nanos = System.nanoTime();
    long received;
    long polls;
    double processorSeconds;
    long calls;
    double readUnits;
    double writeUnits;
    final Map<String, Double> units = new TreeMap<>();

    Counts(FanOut of) {
      received = of.received.sum();
      polls = of.polls.sum();
      processorSeconds = of.copies.stream().mapToDouble(Copy::processorSeconds).sum();
      calls = of.dynamoDb.calls.sum();
      readUnits = of.dynamoDb.reads.sum();
      writeUnits = of.dynamoDb.writes.sum();
      of.dynamoDb.units.forEach((key, sum) -> units.put(key, sum.sum()));
    }

    Counts since(Counts before) {
      nanos -= before.nanos;
      received -= before.received;
      polls -= before.polls;
      processorSeconds -= before.processorSeconds;
      calls -= before.calls;
      readUnits -= before.readUnits;
      writeUnits -= before.writeUnits;
      before.units.forEach((key, sum) -> units.merge(key, -sum, Double::sum));
      return this;
    }

    double seconds() {
      return nanos / 1e9;
    }
  }

  /**
   * Passes on what the copies ask of DynamoDB, and counts it: calls, and the units that DynamoDB
   * says they took.
   */
  static final class DynamoDb {
    static final Pattern KEY = Pattern.compile("\"S\":\"((?:FEED|GATEWAYS|SITES?|LEASE)[^\"]*)\"");
    static final Set<String> PASSED =
        Set.of("authorization", "content-type", "x-amz-date", "x-amz-target");

    final URI target;
    final HttpServer server;
    final LongAdder calls = new LongAdder();
    final DoubleAdder reads = new DoubleAdder();
    final DoubleAdder writes = new DoubleAdder();
    final ConcurrentMap<String, DoubleAdder> units = new ConcurrentHashMap<>();

    DynamoDb(URI target) throws IOException {
      this.target = target;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::pass);
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void pass(HttpExchange exchange) throws IOException {
      try (exchange) {
        var asked = (ObjectNode) JSON.readTree(exchange.getRequestBody());
        asked.put("ReturnConsumedCapacity", "TOTAL"); // DynamoDB Local does not check the signature
        byte[] body = JSON.writeValueAsBytes(asked);
        var request = HttpRequest.newBuilder(target).POST(BodyPublishers.ofByteArray(body));
        exchange
            .getRequestHeaders()
            .forEach(
                (name, values) -> {
                  if (PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                    request.header(name, values.getFirst());
                  }
                });
        var answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        count(exchange.getRequestHeaders().getFirst("X-Amz-Target"), body, answer.body());
        for (String name : List.of("content-type", "x-amz-crc32", "x-amzn-requestid")) {
          answer
              .headers()
              .firstValue(name)
              .ifPresent(value -> exchange.getResponseHeaders().set(name, value));
        }
        exchange.sendResponseHeaders(
            answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
        exchange.getResponseBody().write(answer.body());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void count(String operation, byte[] asked, byte[] answered) throws IOException {
      calls.increment();
      double used = 0;
      JsonNode consumed = JSON.readTree(answered).path("ConsumedCapacity");
      for (JsonNode each : consumed.isArray() ? consumed : List.of(consumed)) {
        used += each.path("CapacityUnits").asDouble();
      }
      boolean reading = operation.endsWith("GetItem") || operation.endsWith("Query");
      (reading ? reads : writes).add(used);
      var key = KEY.matcher(new String(asked, StandardCharsets.UTF_8));
      String partition = key.find() ? key.group(1).replaceFirst("#.*", "#…") : "others";
      units
          .computeIfAbsent(
              "`" + partition + "`" + (reading ? " read" : " write"), name -> new DoubleAdder())
          .add(used);
    }
  }

  /**
   * One site is made by the API, the others are put into the table as it is there, under names of
   * their own.
   */
  void makeSites() throws Exception {
    var request =
        HttpRequest.newBuilder(api.resolve("/v1/sites"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"name\":\"" + TEMPLATE + "\"}"))
            .build();
    var answer = HTTP.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    String table = System.getenv("PORTICO_DYNAMODB_TABLE");
    try (var client =
            DynamoDbClient.builder()
                .endpointOverride(dynamoDb.target)
                .httpClientBuilder(ApacheHttpClient.builder().maxConnections(8))
                .build();
        var threads = Executors.newFixedThreadPool(8)) {
      var items = new ArrayList<Map<String, AttributeValue>>();
      for (Map<String, String> key :
          List.of(
              Map.of("pk", "SITE#" + TEMPLATE, "sk", "SITE"),
              Map.of("pk", "SITES", "sk", TEMPLATE))) {
        var values = new HashMap<String, AttributeValue>();
        key.forEach((name, value) -> values.put(name, AttributeValue.fromS(value)));
        var item = client.getItem(get -> get.tableName(table).key(values)).item();
        if (item.isEmpty()) {
          throw new IllegalStateException(
              "a site is stored otherwise than this program knows: no " + key);
        }
        items.add(item);
      }
      var running = new ArrayList<java.util.concurrent.Future<?>>();
      for (int from = 1; from < siteCount; from += 12) {
        var batch = new ArrayList<WriteRequest>();
        for (int i = from; i < Math.min(siteCount, from + 12); i++) {
          String name = "fan-%05d".formatted(i);
          items.forEach(
              item ->
                  batch.add(
                      WriteRequest.builder()
                          .putRequest(PutRequest.builder().item(renamed(item, name)).build())
                          .build()));
        }
        running.add(
            threads.submit(
                () -> {
                  Map<String, List<WriteRequest>> left = Map.of(table, batch);
                  while (!left.isEmpty()) {
                    var rest = left;
                    left =
                        client.batchWriteItem(write -> write.requestItems(rest)).unprocessedItems();
                  }
                }));
      }
      for (var each : running) {
        each.get();
      }
    }
  }

  static Map<String, AttributeValue> renamed(Map<String, AttributeValue> item, String name) {
    var copy = new HashMap<>(item);
    item.forEach(
        (attribute, value) -> {
          if (value.s() != null) {
            copy.put(attribute, AttributeValue.fromS(value.s().replace(TEMPLATE, name)));
          }
        });
    return copy;
  }
}
