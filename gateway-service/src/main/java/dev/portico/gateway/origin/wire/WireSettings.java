package dev.portico.gateway.origin.wire;

import java.time.Duration;

/**
 * How many connections an event loop has to one address of one peer.
 *
 * @param idle how many are kept without a request
 * @param idleFor how long each of them is kept
 * @param most how many there are at all
 * @param waiting how many requests may wait when no more can be opened for them; those for whom one
 *     is being opened do not count
 */
public record WireSettings(int idle, Duration idleFor, int most, int waiting) {}
