package dev.portico.auth.internal;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Of internal routes that are none of a gateway's business, by {@code
 * PORTICO_INTERNAL_SECRETS_OF_CONTENT} alone where that is set.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ContentServiceOnly {}
