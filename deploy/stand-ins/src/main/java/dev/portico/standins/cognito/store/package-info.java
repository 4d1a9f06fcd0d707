/** Keeps JSON documents in a folder, each written whole or not at all. A leaf. */
@NullMarked
package dev.portico.standins.cognito.store;

import org.jspecify.annotations.NullMarked;
