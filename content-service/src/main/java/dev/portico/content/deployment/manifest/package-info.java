/**
 * What a deployment consists of, as pure values: the manifest, the rules its paths obey, its JSON
 * form, the media type of a file. Nothing here does I/O except to the streams it is handed, and
 * nothing knows the framework or AWS.
 */
@NullMarked
package dev.portico.content.deployment.manifest;

import org.jspecify.annotations.NullMarked;
