/**
 * Local replacements of AWS services, for laptops and tests only: the program's entry point. Never
 * part of a service's image.
 */
@NullMarked
package dev.portico.standins;

import org.jspecify.annotations.NullMarked;
