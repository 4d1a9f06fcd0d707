/**
 * The change feed: the numbered sequence by which gateways learn what to fetch anew, the registry
 * of gateways that follow it, the leases of work that only one copy may do, and the internal port
 * through which gateways ask. Knows no feature: snapshots come from {@link
 * dev.portico.content.change.SnapshotSource}.
 */
@NullMarked
package dev.portico.content.change;

import org.jspecify.annotations.NullMarked;
