/** Tests of the settings of a site. */
@NullMarked
package dev.portico.content.settings;

import org.jspecify.annotations.NullMarked;
