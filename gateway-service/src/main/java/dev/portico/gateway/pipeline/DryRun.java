package dev.portico.gateway.pipeline;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.portico.gateway.error.EdgeError;
import dev.portico.gateway.exchange.Explanation;
import dev.portico.gateway.exchange.ViewerExchange;
import dev.portico.gateway.exchange.ViewerListener;
import dev.portico.gateway.exchange.ViewerRequest;
import dev.portico.gateway.pipeline.ExplainQuestion.InvalidException;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Compares, URL by URL, what is answered now with what would be if another deployment were live.
 * Each URL is a turn of its own on the event loop, so that viewers are served between two. Of an
 * explanation only what is compared is kept, and it ends with its asker.
 */
final class DryRun implements WaitingViewer {
  /** How many are under way at a time at a gateway; whoever asks beyond that is told so (503). */
  static final int MOST_UNDER_WAY = 4;

  /** How long one may take. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ViewerExchange asker;
  private final String site;
  private final DryRunRequest request;
  private final Explanations explanations;
  private final Explanations.Stages stages;
  private final Told told;
  private final List<DryRunItem> compared = new ArrayList<>();
  private @Nullable ScheduledFuture<?> limit;
  private boolean over;

  /** A comparison. */
  DryRun(
      ViewerExchange asker,
      String site,
      DryRunRequest request,
      Explanations explanations,
      Explanations.Stages stages,
      Told told) {
    this.asker = asker;
    this.site = site;
    this.request = request;
    this.explanations = explanations;
    this.stages = stages;
    this.told = told;
  }

  /** Who is told, on the asker's event loop. */
  interface Told {
    /** It is over, whatever came of it; told once, before anything else. */
    void over();

    /** This is what came of it, as JSON. */
    void compared(byte[] json);

    /** It cannot be made. */
    void invalid(InvalidException fault);
  }

  /** Begins. */
  void start() {
    asker.listen(this);
    limit =
        asker
            .loop()
            .schedule(
                () -> finish(() -> ErrorReplies.reply(asker, EdgeError.UNAVAILABLE, true)),
                PATIENCE.toMillis(),
                TimeUnit.MILLISECONDS);
    guarded(this::turn);
  }

  private void finish(Runnable answer) {
    if (over) {
      return;
    }
    over = true;
    if (limit != null) {
      limit.cancel(false);
    }
    asker.listen(ViewerListener.NONE);
    told.over();
    ErrorReplies.guarded(asker, answer);
  }

  /** A bug ends it: it must not count as under way for ever. */
  private void guarded(Runnable step) {
    try {
      if (!over) {
        step.run();
      }
    } catch (RuntimeException e) {
      finish(() -> ErrorReplies.reply(asker, e));
    }
  }

  private void turn() {
    if (compared.size() == request.urls().size()) {
      byte[] json = ExplanationJson.document(this::write);
      finish(() -> told.compared(json));
      return;
    }
    String url = request.urls().get(compared.size());
    ask(
        url,
        null,
        active -> ask(url, request.deployment(), supposed -> add(url, active, supposed)));
  }

  private void add(String url, DryRunAnswer active, DryRunAnswer supposed) {
    compared.add(DryRunItem.of(url, active, supposed));
    asker.loop().execute(() -> guarded(this::turn));
  }

  private interface Next {
    void answered(DryRunAnswer answer);
  }

  private void ask(String url, @Nullable String supposed, Next next) {
    explanations.compare(
        asker,
        site,
        request.question(url, supposed),
        stages,
        new Explanations.Told() {
          @Override
          public void explained(ViewerRequest asked, Explanation why) {
            guarded(() -> next.answered(DryRunAnswer.of(why)));
          }

          @Override
          public void invalid(InvalidException fault) {
            finish(() -> told.invalid(request.named(fault, compared.size())));
          }
        });
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("site", site);
    json.writeStringField("deployment", request.deployment());
    json.writeNumberField("differing", compared.stream().filter(DryRunItem::differs).count());
    json.writeArrayFieldStart("items");
    for (DryRunItem each : compared) {
      each.write(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public ViewerExchange exchange() {
    return asker;
  }

  @Override
  public void gone() {
    finish(() -> {});
  }
}
