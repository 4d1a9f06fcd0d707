package dev.portico.content.invalidation;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of invalidations.
 *
 * @param items newest first, without what they name
 * @param next cursor of the following page
 */
@Serdeable
record InvalidationPage(List<Invalidation> items, @Nullable String next) {}
