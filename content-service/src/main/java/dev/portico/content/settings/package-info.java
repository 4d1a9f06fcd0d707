/**
 * The settings of a site as a value: what the document may hold and its limits, its defaults, the
 * one reading that finds every fault, and the compiled form that snapshots carry. Knows neither the
 * table nor HTTP, so that whatever gives a site its settings is judged by the same rules.
 */
@NullMarked
package dev.portico.content.settings;

import org.jspecify.annotations.NullMarked;
