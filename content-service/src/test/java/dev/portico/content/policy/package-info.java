/** Tests of policies that sites share. */
@NullMarked
package dev.portico.content.policy;

import org.jspecify.annotations.NullMarked;
