/**
 * Policies that sites share: what admins write once and many sites refer to by id. They are in the
 * change feed by themselves, so that changing one rewrites no site, and know which sites use them,
 * so that none is removed that is needed. Knows policies and not how sites come to name them.
 */
@NullMarked
package dev.portico.content.policy;

import org.jspecify.annotations.NullMarked;
