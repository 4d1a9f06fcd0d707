package dev.portico.auth.error;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Why one field of a request was refused.
 *
 * @param field its name: a JSON path, a parameter or a header
 * @param reason a sentence's end that is safe to show, such as "is longer than 30 characters"
 */
@Serdeable
public record FieldError(String field, String reason) {}
