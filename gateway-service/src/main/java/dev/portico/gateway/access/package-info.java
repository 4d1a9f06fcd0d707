/**
 * Who may have what. Here is who a request is from; the packages below answer where that is known
 * from and whether it is enough.
 */
@NullMarked
package dev.portico.gateway.access;

import org.jspecify.annotations.NullMarked;
