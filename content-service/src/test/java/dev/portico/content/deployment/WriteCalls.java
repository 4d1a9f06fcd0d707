package dev.portico.content.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a service and where it stores, and knows every call that writes by a name, such as
 * {@code S3 PUT manifests} or {@code DynamoDB TransactWriteItems FEED HEAD, SITE SITE}; a second
 * one of the same name is {@code … #2}. At one of them it can strike instead of passing on.
 */
final class WriteCalls implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_HEAD = 64 << 10;
  private static final Pattern TARGET = header("x-amz-target");
  private static final Pattern LENGTH = header("content-length");

  private static final Set<String> WRITING =
      Set.of("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems");

  /** The parts of a key that say what kind of item it is: names and numbers are not capitals. */
  private static final Pattern KIND = Pattern.compile("[A-Z][A-Z-]*");

  private final ServerSocket s3;
  private final ServerSocket dynamoDb;
  private final Object lock = new Object();
  private final List<String> seen = new ArrayList<>();
  private @Nullable Trap trap;

  /** On which side of a call to strike. */
  enum When {
    /** It never arrives. */
    BEFORE,
    /** It is done, but its answer never arrives. */
    AFTER
  }

  private record Trap(String step, When when, Runnable strike) {}

  private record Head(String text) {
    byte[] bytes() {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    String method() {
      return text.substring(0, text.indexOf(' '));
    }

    String path() {
      return text.split(" ", 3)[1];
    }

    @Nullable String field(Pattern header) {
      Matcher found = header.matcher(text);
      return found.find() ? found.group(1).strip() : null;
    }
  }

  /** Opens a way to each of the two. */
  WriteCalls(URI s3, URI dynamoDb) {
    this.s3 = open(s3);
    this.dynamoDb = open(dynamoDb);
  }

  /** Where the service finds S3. */
  URI s3() {
    return endpoint(s3);
  }

  /** Where the service finds DynamoDB. */
  URI dynamoDb() {
    return endpoint(dynamoDb);
  }

  /** Forgets what was seen, and lets everything pass. */
  void forget() {
    synchronized (lock) {
      seen.clear();
      trap = null;
    }
  }

  /** Forgets what was seen, and strikes once at this step. */
  void strikeAt(String step, When when, Runnable strike) {
    synchronized (lock) {
      seen.clear();
      trap = new Trap(step, when, strike);
    }
  }

  /** Whether it is still to strike. */
  boolean armed() {
    synchronized (lock) {
      return trap != null;
    }
  }

  /** The steps since they were forgotten. */
  List<String> seen() {
    synchronized (lock) {
      return List.copyOf(seen);
    }
  }

  private ServerSocket open(URI target) {
    try {
      var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(() -> accept(server, target));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket server, URI target) {
    while (!server.isClosed()) {
      try {
        var line = new Line(server.accept(), new Socket(target.getHost(), target.getPort()));
        Thread.ofVirtual().start(line::requests);
        Thread.ofVirtual().start(line::answers);
      } catch (IOException e) {
        close();
      }
    }
  }

  /** Takes the trap when this step is where it lies. */
  private @Nullable Trap meet(@Nullable String call) {
    if (call == null) {
      return null;
    }
    synchronized (lock) {
      long before =
          seen.stream().filter(each -> each.equals(call) || each.startsWith(call + " #")).count();
      String step = before == 0 ? call : call + " #" + (before + 1);
      seen.add(step);
      Trap met = trap;
      if (met == null || !met.step().equals(step)) {
        return null;
      }
      trap = null;
      return met;
    }
  }

  /** A connection: requests are read one by one, answers are only carried. */
  private final class Line {
    private final Socket client;
    private final Socket target;
    private volatile @Nullable Trap atAnswer;

    Line(Socket client, Socket target) {
      this.client = client;
      this.target = target;
    }

    void requests() {
      try (client;
          target) {
        var in = new BufferedInputStream(client.getInputStream());
        OutputStream out = target.getOutputStream();
        for (Head head = head(in); head != null; head = head(in)) {
          request(head, in, out);
        }
      } catch (IOException e) {
        // One of the two has hung up, or was struck; closing both tells the other.
      }
    }

    private void request(Head head, InputStream in, OutputStream out) throws IOException {
      String length = head.field(LENGTH);
      long size = length == null ? 0 : Long.parseLong(length);
      String operation = head.field(TARGET);
      // A request to DynamoDB is small, and named by what is in it.
      byte[] body = operation == null ? null : in.readNBytes((int) size);
      Trap met = meet(body == null ? s3Call(head) : dynamoDbCall(String.valueOf(operation), body));
      if (met != null && met.when() == When.BEFORE) {
        met.strike().run();
        throw new EOFException("struck");
      }
      // Before there can be an answer. None of another request is under way on this connection.
      atAnswer = met;
      out.write(head.bytes());
      if (body == null) {
        copy(in, out, size);
      } else {
        out.write(body);
      }
      out.flush();
    }

    void answers() {
      try (client;
          target) {
        InputStream in = target.getInputStream();
        byte[] buffer = new byte[8192];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          Trap met = atAnswer;
          if (met != null) {
            met.strike().run();
            return;
          }
          client.getOutputStream().write(buffer, 0, read);
        }
      } catch (IOException e) {
        // As above.
      }
    }
  }

  private static @Nullable Head head(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    int end = 0;
    while (end < 4) {
      int next = in.read();
      if (next < 0 || bytes.size() > LONGEST_HEAD) {
        return null;
      }
      bytes.write(next);
      end = next == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : next == '\r' ? 1 : 0;
    }
    return new Head(bytes.toString(StandardCharsets.ISO_8859_1));
  }

  private static void copy(InputStream in, OutputStream out, long size) throws IOException {
    byte[] buffer = new byte[8192];
    long left = size;
    out.flush(); // the client may wait to be told to go on (RFC 9110 section 10.1.1)
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  /** The call of a request to S3 by method and folder; null when it writes nothing. */
  private static @Nullable String s3Call(Head head) {
    if (head.method().equals("GET") || head.method().equals("HEAD")) {
      return null;
    }
    String[] path = head.path().split("[/?]", 4);
    return "S3 " + head.method() + " " + (path.length > 2 ? path[2] : "");
  }

  /** The call of a request to DynamoDB by operation and kinds of items; null when it only reads. */
  private static @Nullable String dynamoDbCall(String target, byte[] body) throws IOException {
    String operation = target.substring(target.indexOf('.') + 1);
    return WRITING.contains(operation) ? named(operation, body) : null;
  }

  private static String named(String operation, byte[] body) throws IOException {
    var kinds = new TreeSet<String>();
    for (JsonNode holder : JSON.readTree(body).findParents("pk")) {
      kinds.add(
          Stream.of("pk", "sk")
              .flatMap(each -> Stream.of(holder.path(each).path("S").asText().split("#", -1)))
              .filter(part -> KIND.matcher(part).matches())
              .collect(Collectors.joining(" ")));
    }
    return "DynamoDB " + operation + " " + String.join(", ", kinds);
  }

  private static Pattern header(String name) {
    return Pattern.compile("(?im)^" + name + ":([^\r\n]*)");
  }

  private static URI endpoint(ServerSocket server) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  @Override
  public void close() {
    try {
      s3.close();
      dynamoDb.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
