@NullMarked
package dev.portico.content.request;

import org.jspecify.annotations.NullMarked;
