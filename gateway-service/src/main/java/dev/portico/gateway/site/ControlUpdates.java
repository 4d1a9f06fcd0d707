package dev.portico.gateway.site;

import dev.portico.gateway.control.Controls;
import dev.portico.gateway.control.PlatformControls;
import dev.portico.gateway.service.Lifetime;
import dev.portico.gateway.site.UnexpectedFailures.Work;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what admins have switched on up to date. It is read by a thread of its own, again and again
 * until that succeeds, so that the feed's sites need not wait for it; what held goes on holding
 * meanwhile. It is read once in a while, too, though nobody says that it changed: so what an
 * operator has changed in the table by hand, and what an older copy of content-service knew nothing
 * of, holds at last.
 */
@Singleton
final class ControlUpdates {
  private static final Logger LOG = LoggerFactory.getLogger(ControlUpdates.class);
  private static final Duration REREAD = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

  private final ContentInternal content;
  private final PlatformControls controls;
  private final Duration reread;
  private final Updates updates;
  private final Lifetime lifetime = new Lifetime();

  @Inject
  ControlUpdates(
      ContentInternal content, PlatformControls controls, UnexpectedFailures unexpected) {
    this(content, controls, unexpected, REREAD);
  }

  ControlUpdates(
      ContentInternal content,
      PlatformControls controls,
      UnexpectedFailures unexpected,
      Duration reread) {
    this.content = content;
    this.controls = controls;
    this.reread = reread;
    this.updates = new Updates(LONGEST_PAUSE, Work.CONTROLS, unexpected);
  }

  /**
   * Reads them before any site is served, and soon where they are known from before.
   *
   * @throws IOException when they never were read, and cannot be: it would let in who is blocked
   */
  void readAll() throws IOException {
    if (controls.known()) {
      changed();
    } else {
      read();
      lifetime.start("controls-reread", this::rereadNowAndThen);
    }
  }

  /** Reads them again, soon; returns at once. */
  void changed() {
    updates.changed("the controls", again -> read());
  }

  /** Which version of them holds here. */
  long version() {
    return controls.now().version();
  }

  private void read() throws IOException {
    Optional<Controls> read = content.controls();
    long before = version();
    if (read.isEmpty() && before > 0) {
      // Not all copies of content-service are of one release: another knows better.
      throw new IOException("an older content-service knows nothing of controls");
    }
    Controls next = read.orElse(Controls.NONE);
    controls.replace(next);
    if (next.version() != before) {
      LOG.info("controls are of version {} now", next.version());
    }
  }

  private void rereadNowAndThen() {
    while (lifetime.pause(reread)) {
      changed();
    }
  }

  /** Ends the reading; what is held stays. */
  @PreDestroy
  void stop() {
    lifetime.end();
    updates.stop();
  }
}
