/**
 * What admins switch on in an emergency: publishing is frozen, addresses and paths are blocked, a
 * site shows a maintenance page. All of it is one small document, which gateways read whole when
 * the change feed says that it changed; each entry may end by itself, and each change is in the
 * audit log.
 */
@NullMarked
package dev.portico.content.control;

import org.jspecify.annotations.NullMarked;
