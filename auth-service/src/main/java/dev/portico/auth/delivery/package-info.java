/** Where codes go, as callers are told. A leaf that several features share. */
@NullMarked
package dev.portico.auth.delivery;

import org.jspecify.annotations.NullMarked;
