package dev.portico.content.blob;

import static dev.portico.content.SettingBounds.requirePositive;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Context;
import java.time.Duration;

/**
 * How blobs that nothing refers to are collected.
 *
 * @param enabled whether this copy takes part
 * @param grace how long a blob's record stays after its last use, and its object after its record;
 *     never shorter than the table's recovery window, so that a restored table never points at a
 *     deleted object
 * @param abandoned after which an unfinished upload is given up
 * @param interval between two runs
 * @param lease of a run; renewed while it goes on
 */
@Context
@ConfigurationProperties("portico.blob.collection")
public record CollectionSettings(
    boolean enabled, Duration grace, Duration abandoned, Duration interval, Duration lease) {
  /** Refuses what cannot work. */
  public CollectionSettings {
    requirePositive("PORTICO_BLOB_COLLECTION_GRACE", grace);
    requirePositive("PORTICO_BLOB_COLLECTION_ABANDONED", abandoned);
    requirePositive("PORTICO_BLOB_COLLECTION_INTERVAL", interval);
    requirePositive("PORTICO_BLOB_COLLECTION_LEASE", lease);
  }
}
