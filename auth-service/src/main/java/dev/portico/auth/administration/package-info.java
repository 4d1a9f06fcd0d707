/**
 * What members of the group {@code admins} do with the accounts and groups of the pool. They may
 * know which accounts exist, so answers differ by that here. And what they did: they read all of
 * it, content-service what is about groups.
 */
@NullMarked
package dev.portico.auth.administration;

import org.jspecify.annotations.NullMarked;
