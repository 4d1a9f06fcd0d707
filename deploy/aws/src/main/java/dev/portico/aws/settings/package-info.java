/**
 * The settings file of a deployment: what may be in it, how it is read, and what is said when it
 * cannot work.
 */
@NullMarked
package dev.portico.aws.settings;

import org.jspecify.annotations.NullMarked;
