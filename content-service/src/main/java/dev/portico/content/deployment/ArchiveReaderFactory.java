package dev.portico.content.deployment;

import dev.portico.content.deployment.archive.ArchiveLimits;
import dev.portico.content.deployment.archive.ArchiveReader;
import dev.portico.content.deployment.archive.SpoolDirectory;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Makes the reader of archives for the limits that are set. */
@Factory
final class ArchiveReaderFactory {
  /** At start, since it removes what a killed process has left. */
  @Bean(preDestroy = "close")
  @Context
  SpoolDirectory spoolDirectory(
      DeploymentSettings settings,
      @Property(name = "portico.spool-directory", defaultValue = "") String configured) {
    String parent = configured.isBlank() ? System.getProperty("java.io.tmpdir", ".") : configured;
    return SpoolDirectory.open(Path.of(parent), settings.maxSpoolBytes());
  }

  @Singleton
  ArchiveReader archiveReader(DeploymentSettings settings, SpoolDirectory spool) {
    return new ArchiveReader(
        new ArchiveLimits(
            settings.maxFiles(),
            settings.maxBytes(),
            settings.maxFileBytes(),
            settings.maxPathBytes(),
            settings.maxRatio(),
            settings.maxZipBytes()),
        spool);
  }
}
