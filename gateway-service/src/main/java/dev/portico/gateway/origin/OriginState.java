package dev.portico.gateway.origin;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What all event loops know of one target: its addresses, and how they are. */
final class OriginState {
  private final Target target;
  private final AtomicBoolean probed = new AtomicBoolean();
  private volatile List<AddressState> addresses = List.of();
  private volatile long usedNanos = System.nanoTime();

  OriginState(Target target) {
    this.target = target;
  }

  Target target() {
    return target;
  }

  /** As last resolved. */
  List<AddressState> addresses() {
    return addresses;
  }

  /** Takes what a resolution gave; an address that stays keeps its record. */
  void resolved(List<InetAddress> found) {
    if (same(found)) {
      return;
    }
    synchronized (this) {
      List<AddressState> next = new ArrayList<>(found.size());
      for (InetAddress address : found) {
        next.add(known(address));
      }
      addresses = List.copyOf(next);
    }
  }

  private boolean same(List<InetAddress> found) {
    List<AddressState> known = addresses;
    if (known.size() != found.size()) {
      return false;
    }
    for (int i = 0; i < known.size(); i++) {
      if (!known.get(i).address().equals(found.get(i))) {
        return false;
      }
    }
    return true;
  }

  private AddressState known(InetAddress address) {
    for (AddressState state : addresses) {
      if (state.address().equals(address)) {
        return state;
      }
    }
    return new AddressState(address, target.origin().breaker());
  }

  /**
   * Chooses an address for a request and enters its breaker: the one with the fewest requests under
   * way, any of them where several are as idle; those tried before only when there is no other. The
   * services' own names list the nearest first, so there the order counts.
   *
   * @return null when none may be asked
   */
  @Nullable AddressState choose(Set<InetAddress> tried, long nowNanos) {
    AddressState best = null;
    int count = addresses.size();
    int offset = target.trusted() || count == 0 ? 0 : ThreadLocalRandom.current().nextInt(count);
    for (int i = 0; i < count; i++) {
      AddressState next = addresses.get((offset + i) % count);
      if (next.breaker().allows(nowNanos) && (best == null || better(next, best, tried))) {
        best = next;
      }
    }
    return best != null && best.breaker().enter(nowNanos) ? best : null;
  }

  private boolean better(AddressState next, AddressState best, Set<InetAddress> tried) {
    boolean nextTried = tried.contains(next.address());
    boolean bestTried = tried.contains(best.address());
    if (nextTried != bestTried) {
      return bestTried;
    }
    return !target.trusted() && next.inFlight().get() < best.inFlight().get();
  }

  /** Whether there is an address that may be asked and has not been tried. */
  boolean hasOther(Set<InetAddress> tried, long nowNanos) {
    for (AddressState state : addresses) {
      if (!tried.contains(state.address()) && state.breaker().allows(nowNanos)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it has addresses and none of them would be asked now. */
  boolean knownDown(long nowNanos) {
    List<AddressState> all = addresses;
    for (AddressState state : all) {
      if (state.breaker().allows(nowNanos)) {
        return false;
      }
    }
    return !all.isEmpty();
  }

  /** Whether it has addresses and whoever asks now can only try if one is well again. */
  boolean onTrial() {
    List<AddressState> all = addresses;
    for (AddressState state : all) {
      if (state.breaker().isClosed()) {
        return false;
      }
    }
    return !all.isEmpty();
  }

  void used(long nowNanos) {
    usedNanos = nowNanos;
  }

  /** When it was last asked something by a viewer, by {@link System#nanoTime()}. */
  long usedNanos() {
    return usedNanos;
  }

  /** Whether checks of it are under way. */
  AtomicBoolean probed() {
    return probed;
  }
}
