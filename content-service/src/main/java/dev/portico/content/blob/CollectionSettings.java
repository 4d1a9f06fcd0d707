package dev.portico.content.blob;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
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
@ConfigurationProperties("portico.blob.collection")
public record CollectionSettings(
    @Bindable(defaultValue = "true") boolean enabled,
    @Bindable(defaultValue = "35d") Duration grace,
    @Bindable(defaultValue = "2d") Duration abandoned,
    @Bindable(defaultValue = "1d") Duration interval,
    @Bindable(defaultValue = "10m") Duration lease) {}
