/**
 * How the API's requests are read: strictly, and with every fault told at the field, or parameter,
 * that has it. What gateways send to {@code /internal} is read by the framework instead, since a
 * gateway of the next release may send more than this one knows.
 */
@NullMarked
package dev.portico.content.request;

import org.jspecify.annotations.NullMarked;
