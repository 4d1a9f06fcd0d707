package dev.portico.content.change;

import io.micronaut.serde.annotation.Serdeable;

/**
 * One entry of the feed.
 *
 * @param number its place, from 1, without gaps
 * @param type what changed; so far always {@code site}
 * @param site the site to fetch the snapshot of
 */
@Serdeable
public record Change(long number, String type, String site) {
  static final String SITE = "site";
}
