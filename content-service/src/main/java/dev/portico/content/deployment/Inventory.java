package dev.portico.content.deployment;

import dev.portico.content.blob.Digest;
import java.util.List;
import java.util.Set;

/**
 * What the store has of a manifest's blobs.
 *
 * @param missing not stored
 * @param withoutVariants stored, but whether compressed variants are worthwhile was not found out
 *     yet
 * @param against what was relied on in place of a look-up; sealing makes sure that it still holds
 */
record Inventory(List<Digest> missing, Set<Digest> withoutVariants, Baseline against) {}
