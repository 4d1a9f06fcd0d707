package dev.portico.content.blob;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How blobs that nothing refers to are collected.
 *
 * @param enabled whether this copy takes part
 * @param grace how long a blob stays after its last use; never shorter than the table's recovery
 *     window, so that a restored table never points at a deleted blob
 * @param delay between marking a blob and deleting its object: the time that an upload has to save
 *     what it found marked
 * @param abandoned after which an unfinished upload is given up
 * @param interval between two runs
 * @param lease of a run; renewed while it goes on
 */
@ConfigurationProperties("portico.blob.collection")
public record CollectionSettings(
    @Bindable(defaultValue = "true") boolean enabled,
    @Bindable(defaultValue = "35d") Duration grace,
    @Bindable(defaultValue = "6h") Duration delay,
    @Bindable(defaultValue = "2d") Duration abandoned,
    @Bindable(defaultValue = "1d") Duration interval,
    @Bindable(defaultValue = "10m") Duration lease) {}
