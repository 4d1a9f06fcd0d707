package dev.portico.gateway.connection;

import io.micronaut.context.annotation.ConfigurationProperties;

/**
 * Where certificates come from: PEM files, or a local authority that makes them for {@code
 * localhost} names.
 *
 * @param localCaDirectory folder of the local authority, made at first start; empty for none
 * @param certificate PEM file with the certificate chain; empty for none
 * @param key PEM file with the private key (PKCS#8, not encrypted); empty for none
 */
@ConfigurationProperties("portico.tls")
public record TlsSettings(String localCaDirectory, String certificate, String key) {
  /** Checks that the settings do not contradict each other. */
  public TlsSettings {
    if (certificate.isEmpty() != key.isEmpty()) {
      throw new IllegalArgumentException("PORTICO_TLS_CERTIFICATE and PORTICO_TLS_KEY go together");
    }
    if (!certificate.isEmpty() && !localCaDirectory.isEmpty()) {
      throw new IllegalArgumentException(
          "PORTICO_TLS_CERTIFICATE and PORTICO_LOCAL_CA_DIRECTORY exclude each other");
    }
  }

  /** Whether a certificate chain is given by file. */
  boolean fromFiles() {
    return !certificate.isEmpty();
  }

  /** Whether a local authority is to make certificates. */
  boolean local() {
    return !localCaDirectory.isEmpty();
  }
}
