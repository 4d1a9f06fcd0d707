package dev.portico.standins.cognito.user;

import dev.portico.standins.cognito.store.DataFolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The messages that AWS would have sent, newest first, the last few hundred. */
public final class Outbox {
  private static final int KEPT = 200;
  private static final String FILE = "messages.json";

  private final DataFolder data;
  private final List<Message> messages = new ArrayList<>();

  /** Reads what the folder has. */
  public Outbox(DataFolder data) {
    this.data = data;
    data.read(FILE, Message[].class).ifPresent(read -> messages.addAll(Arrays.asList(read)));
  }

  /** Adds a message. */
  public synchronized void send(Message message) {
    messages.addFirst(message);
    if (messages.size() > KEPT) {
      messages.removeLast();
    }
    data.write(FILE, messages);
  }

  /** The messages, newest first. */
  public synchronized List<Message> messages() {
    return List.copyOf(messages);
  }
}
