package dev.portico.content.change;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What a poll brings (deploy/contracts/changes-response.json).
 *
 * @param position the number to ask after next
 * @param changes oldest first, without gaps
 */
@Serdeable
record ChangesResponse(long position, List<Change> changes) {}
