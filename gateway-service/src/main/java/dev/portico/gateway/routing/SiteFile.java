package dev.portico.gateway.routing;

/**
 * One file of a deployment.
 *
 * @param path where it stands in the deployment, decoded, starting with {@code /}
 * @param digest which blob it is
 * @param size its length in bytes, without any content coding
 * @param type its media type, as Content-Type sends it
 */
public record SiteFile(String path, BlobDigest digest, long size, String type) {}
