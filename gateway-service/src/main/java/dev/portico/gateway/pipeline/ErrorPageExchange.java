package dev.portico.gateway.pipeline;

import dev.portico.gateway.cache.semantics.CacheResult;
import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.Outcome;
import dev.portico.gateway.exchange.ResponseHead;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.pipeline.ErrorPages.Found;
import dev.portico.gateway.pipeline.ErrorPages.NoPage;
import dev.portico.gateway.pipeline.ErrorPages.Page;
import dev.portico.gateway.response.policy.SecurityHeaders;
import dev.portico.gateway.routing.ErrorResponse;
import dev.portico.gateway.routing.ErrorResponses;
import dev.portico.gateway.site.SiteResolution;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An exchange of a behaviour that has pages for errors. Whoever answers it with such an error,
 * whether it comes from an origin, from the cache or is the gateway's own, has its answer dropped,
 * and the page takes its place. Where it is not known yet which pages there are, an error waits for
 * that; nothing else does.
 */
final class ErrorPageExchange extends ForwardingExchange {
  /**
   * So much of an error's own content is let come, in bytes, so that the connection to its origin
   * can be used again and the response be stored.
   */
  static final int MOST_DROPPED = 65_536;

  private static final int FIRST_ERROR = 400;

  private final ErrorResponses responses;
  private final ErrorPages pages;
  private final boolean admitted;
  private SiteResolution site;
  private boolean decided;
  private ViewerListener listener = ViewerListener.NONE;
  private boolean replaced;
  private long dropped;
  private @Nullable List<Runnable> held;
  private boolean awaited;
  private boolean complete;

  /**
   * An exchange whose errors may be replaced.
   *
   * @param site what has the pages, if there are any
   * @param admitted whether the viewer was let in to what they ask for
   */
  ErrorPageExchange(
      ViewerExchange original,
      ErrorResponses responses,
      ErrorPages pages,
      SiteResolution site,
      boolean admitted) {
    super(original);
    this.responses = responses;
    this.pages = pages;
    this.site = site;
    this.admitted = admitted;
  }

  /** The pages of the files that this viewer gets, whatever release is under way. */
  void servedFrom(SiteResolution.Serving files) {
    site = files;
    decided = true;
  }

  @Override
  public void listen(ViewerListener newListener) {
    listener = newListener;
    if (!replaced) {
      original.listen(newListener);
    }
  }

  @Override
  public void respond(ResponseHead head, ByteBuf body) {
    complete = true;
    if (replaced) {
      body.release();
      return;
    }
    if (awaits(head)) {
      await(() -> respond(head, body));
      return;
    }
    switch (found(head)) {
      case Page page -> {
        body.release();
        show(page, head);
      }
      case NoPage none -> original.respond(left(head, none), body);
    }
  }

  @Override
  public void begin(ResponseHead head, long length) {
    if (replaced) {
      return;
    }
    if (awaits(head)) {
      await(() -> begin(head, length));
      return;
    }
    switch (found(head)) {
      case Page page -> {
        show(page, head);
        if (length > MOST_DROPPED) {
          leave();
        }
      }
      case NoPage none -> original.begin(left(head, none), length);
    }
  }

  private @Nullable ErrorResponse response(ResponseHead head) {
    return head.status() < FIRST_ERROR ? null : responses.of(head.status());
  }

  private Found found(ResponseHead head) {
    ErrorResponse response = response(head);
    if (response == null) {
      return NoPage.UNSAID;
    }
    Found found = pages.find(original, response, site, decided, admitted);
    Explained.errorResponse(original, responses, response, admitted, found);
    return found;
  }

  /** Whether it is an error that has a page, of files that are still being loaded. */
  private boolean awaits(ResponseHead head) {
    ErrorResponse response = response(head);
    return !awaited
        && site instanceof SiteResolution.Loading
        && response != null
        && response.path() != null;
  }

  /** What is said from here on is held back until the files are known; little: it is paced. */
  private void await(Runnable said) {
    List<Runnable> all = new ArrayList<>();
    all.add(said);
    held = all;
    if (site instanceof SiteResolution.Loading loading) {
      loading
          .outcome()
          .whenCompleteAsync(
              (found, failure) -> ErrorReplies.guarded(this, () -> known(found)), loop());
    }
  }

  private void known(@Nullable SiteResolution found) {
    List<Runnable> said = held == null ? List.of() : held;
    held = null;
    awaited = true;
    if (found != null) {
      site = found;
    }
    said.forEach(Runnable::run);
    if (!complete && writable()) {
      listener.writable();
    }
  }

  /** The error as it is: another viewer may get the page. */
  private static ResponseHead left(ResponseHead head, NoPage why) {
    return why != NoPage.NOT_ACCEPTED || head.toBuilder().lists("Vary", "Accept")
        ? head
        : head.with("Vary", "Accept");
  }

  private void show(Page page, ResponseHead error) {
    replaced = true;
    timeline().replaced(error.status());
    original.listen(ViewerListener.NONE);
    pages.send(new Shown(original, page, error), page);
  }

  /** Whoever has answered is told to stop, as soon as it is done with what it is doing now. */
  private void leave() {
    ViewerListener told = listener;
    listener = ViewerListener.NONE;
    loop().execute(told::gone);
  }

  @Override
  public void write(ByteBuf bytes) {
    if (held != null) {
      held.add(() -> write(bytes));
      return;
    }
    if (!replaced) {
      original.write(bytes);
      return;
    }
    long before = dropped;
    dropped += bytes.readableBytes();
    bytes.release();
    if (before <= MOST_DROPPED && dropped > MOST_DROPPED) {
      leave();
    }
  }

  @Override
  public void end(HeaderFields trailers) {
    complete = true;
    if (held != null) {
      held.add(() -> end(trailers));
    } else if (!replaced) {
      original.end(trailers);
    }
  }

  @Override
  public void abort() {
    complete = true;
    if (held != null) {
      held.add(this::abort);
    } else if (!replaced) {
      original.abort();
    }
  }

  @Override
  public boolean begun() {
    return replaced || held != null || original.begun();
  }

  /** Whoever has answered need not wait for the viewer: what it sends is dropped. */
  @Override
  public boolean writable() {
    return replaced || (held == null && original.writable());
  }

  /**
   * The same viewer while a page is sent to it: it is told what is true of the error. Of its
   * conditions only If-None-Match can be about the page; its ranges and the others are about what
   * it has asked for.
   */
  private static final class Shown extends ForwardingExchange {
    private static final Set<String> NOT_OF_PAGE =
        Set.of("range", "if-range", "if-match", "if-unmodified-since", "if-modified-since");

    private final Page page;
    private final ResponseHead error;
    private final Outcome outcome;

    Shown(ViewerExchange original, Page page, ResponseHead error) {
      super(
          original,
          original.request().with(FieldList.without(original.request().headers(), NOT_OF_PAGE)));
      this.page = page;
      this.error = error;
      this.outcome = original.timeline().outcome();
    }

    @Override
    public void respond(ResponseHead head, ByteBuf body) {
      timeline().outcome(outcome);
      if (isOfPage(head.status())) {
        original.respond(told(head), body);
        return;
      }
      // The page could not be had: then there is no more than the error itself.
      body.release();
      Explained.pageFailed(original);
      ResponseHead.Builder bare = ResponseHead.of(error.status()).add("Cache-Control", "no-store");
      SecurityHeaders.addTo(bare, original);
      original.respond(told(bare.build()), Unpooled.EMPTY_BUFFER);
    }

    /** With 200 it is a file like others: it may be unchanged. */
    private boolean isOfPage(int status) {
      return status == page.status() || (status == 304 && page.status() == 200);
    }

    @Override
    public void begin(ResponseHead head, long length) {
      timeline().outcome(outcome);
      original.begin(told(head), length);
    }

    private ResponseHead told(ResponseHead head) {
      ResponseHead told = head.with(said(head));
      Explained.ofError(original, told);
      return told;
    }

    /** Names and values in turn. */
    private String[] said(ResponseHead head) {
      List<String> fields = new ArrayList<>();
      ResponseHead.Builder varying = head.toBuilder();
      List<String> vary = new ArrayList<>();
      boolean same = head.status() == error.status();
      error.forEach(
          (name, value) -> {
            switch (name.toLowerCase(Locale.ROOT)) {
              case "vary" -> addUnlisted(vary, varying, value);
              case "cache-status" -> addIfAbsent(fields, head, name, value);
              case "x-cache" -> addIfAbsent(fields, head, name, CacheResult.ERROR.field());
              case "allow", "retry-after" -> {
                if (same) {
                  add(fields, name, value);
                }
              }
              default -> {}
            }
          });
      addUnlisted(vary, varying, "Accept");
      if (!vary.isEmpty()) {
        add(fields, "Vary", String.join(", ", vary));
      }
      return fields.toArray(String[]::new);
    }

    /** Page and error may vary by the same. */
    private static void addUnlisted(
        List<String> members, ResponseHead.Builder varying, String value) {
      for (String member : value.split(",", -1)) {
        String name = member.strip();
        if (!name.isEmpty() && !varying.lists("Vary", name)) {
          varying.add("Vary", name);
          members.add(name);
        }
      }
    }

    private static void addIfAbsent(
        List<String> fields, ResponseHead head, String name, String value) {
      if (head.first(name) == null) {
        add(fields, name, value);
      }
    }

    private static void add(List<String> fields, String name, String value) {
      fields.add(name);
      fields.add(value);
    }
  }
}
