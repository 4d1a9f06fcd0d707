package dev.portico.gateway.site;

/** What came of asking for a deployment's manifest. */
sealed interface ManifestAnswer {
  /** There is no such deployment, or it is not sealed yet. */
  ManifestAnswer UNKNOWN = new Unknown();

  /** It has been deleted. */
  ManifestAnswer GONE = new Gone();

  /** Content-service could not be asked. */
  ManifestAnswer FAILED = new Failed();

  /** The manifest was read. */
  record Files(DeploymentFiles files) implements ManifestAnswer {}

  /** See {@link #UNKNOWN}. */
  record Unknown() implements ManifestAnswer {}

  /** See {@link #GONE}. */
  record Gone() implements ManifestAnswer {}

  /** See {@link #FAILED}. */
  record Failed() implements ManifestAnswer {}
}
