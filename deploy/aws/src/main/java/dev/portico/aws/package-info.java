/**
 * The CDK application: two stacks by lifetime, data (kept) and edge (replaceable), and where their
 * settings come from.
 */
@NullMarked
package dev.portico.aws;

import org.jspecify.annotations.NullMarked;
