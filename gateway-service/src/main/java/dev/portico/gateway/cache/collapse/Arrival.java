package dev.portico.gateway.cache.collapse;

import dev.portico.gateway.cache.semantics.FieldList;
import dev.portico.gateway.cache.semantics.StoredAnswer;
import dev.portico.gateway.cache.semantics.StoredResponse;
import dev.portico.gateway.cache.semantics.Storing;
import dev.portico.gateway.exchange.HeaderFields;
import dev.portico.gateway.exchange.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * A response that begins to stream to one of those who wait for it.
 *
 * @param head what viewers get, without Age and Cache-Status
 * @param said the fields that the head was made of
 * @param status the status that the origin answered
 * @param length of the whole body in bytes, -1 when it is not known
 * @param answer what of it the user gets: the whole, one part, or nothing of the body
 * @param response what decides on its reuse; null when it is not stored
 * @param fields those that are stored; null when it is not stored
 * @param kept whether it is being stored
 * @param reason why it is not stored; null when it is, or for want of room
 * @param leads whether it is the answer to the user's own request
 */
public record Arrival(
    ResponseHead head,
    HeaderFields said,
    int status,
    long length,
    StoredAnswer answer,
    @Nullable StoredResponse response,
    @Nullable FieldList fields,
    boolean kept,
    Storing.@Nullable Reason reason,
    boolean leads) {}
