package dev.portico.local;

import dev.portico.standins.process.Ports;
import java.util.HashSet;
import java.util.Set;

/**
 * The ports by which parts of the stack find one another. Nobody has to type them, so whichever are
 * free will do: those of the last run, else the documented ones, else any.
 */
final class PortPlan {
  private final DataFolder folder;
  private final Set<Integer> taken = new HashSet<>();

  /**
   * @param reserved ports that were asked for and are not to be given away
   */
  PortPlan(DataFolder folder, Set<Integer> reserved) {
    this.folder = folder;
    taken.addAll(reserved);
  }

  /** A port for the part of that name. */
  int port(String name, int documented) {
    var note = "port-" + name;
    int last = folder.noted(note).map(Integer::parseInt).orElse(documented);
    int port = usable(last) ? last : usable(documented) ? documented : any();
    taken.add(port);
    folder.note(note, Integer.toString(port));
    return port;
  }

  private boolean usable(int port) {
    return !taken.contains(port) && PortCheck.isFree(port);
  }

  private int any() {
    int port = Ports.free();
    while (taken.contains(port)) {
      port = Ports.free();
    }
    return port;
  }
}
