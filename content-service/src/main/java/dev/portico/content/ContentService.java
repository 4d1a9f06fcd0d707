package dev.portico.content;

import io.micronaut.runtime.Micronaut;

/** Starts content-service. */
public final class ContentService {
  private ContentService() {}

  /** Starts the service; settings come from the environment (docs/operations). */
  public static void main(String[] args) {
    Micronaut.build(args).mainClass(ContentService.class).banner(false).start();
  }
}
