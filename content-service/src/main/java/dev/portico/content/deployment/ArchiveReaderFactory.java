package dev.portico.content.deployment;

import dev.portico.content.deployment.archive.ArchiveLimits;
import dev.portico.content.deployment.archive.ArchiveReader;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Makes the reader of archives for the limits that are set. */
@Factory
final class ArchiveReaderFactory {
  @Singleton
  ArchiveReader archiveReader(
      DeploymentSettings settings,
      @Property(name = "portico.spool-directory", defaultValue = "") String spoolDirectory) {
    String directory =
        spoolDirectory.isBlank() ? System.getProperty("java.io.tmpdir", ".") : spoolDirectory;
    return new ArchiveReader(
        new ArchiveLimits(
            settings.maxFiles(),
            settings.maxBytes(),
            settings.maxFileBytes(),
            settings.maxPathBytes(),
            settings.maxRatio(),
            settings.maxZipBytes()),
        Path.of(directory));
  }
}
