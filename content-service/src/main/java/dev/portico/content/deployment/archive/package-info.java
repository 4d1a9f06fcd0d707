/**
 * Reads tar, tar.gz, tar.zst and zip archives as a stream of files, in constant memory, and refuses
 * whatever could not be a site: names that leave the archive, devices, bombs, corrupt bytes. Knows
 * neither HTTP nor storage.
 */
@NullMarked
package dev.portico.content.deployment.archive;

import org.jspecify.annotations.NullMarked;
