package dev.portico.content.deployment;

import dev.portico.content.blob.BlobContent;
import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.Digest;
import dev.portico.content.deployment.manifest.Manifest;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.rules.InvalidRulesException;
import dev.portico.content.deployment.rules.RuleFault;
import dev.portico.content.deployment.rules.RuleLimits;
import dev.portico.content.deployment.rules.SiteRules;
import dev.portico.content.error.FieldError;
import dev.portico.content.error.Problem;
import dev.portico.content.settings.SettingsEnvironment;
import dev.portico.content.settings.SettingsFile;
import dev.portico.content.site.SettingsFiles;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rules and the settings that stand among the files of a deployment. */
@Singleton
class RuleFiles {
  private final BlobStore blobs;
  private final SettingsFiles files;
  private final SettingsEnvironment environment;

  RuleFiles(BlobStore blobs, SettingsFiles files, SettingsEnvironment environment) {
    this.blobs = blobs;
    this.files = files;
    this.environment = environment;
  }

  /**
   * What files of a deployment say.
   *
   * @param rules of its {@code _redirects} and {@code _headers}
   * @param settings of its {@code portico.yml}
   */
  record Said(SiteRules rules, SettingsFile settings) {}

  /**
   * What the deployment's {@code _redirects}, {@code _headers} and {@code portico.yml} say.
   *
   * @param site whose owners say what a {@code portico.yml} may have
   * @throws Problem 422 when anything is wrong with them, with the lines; 503 when a blob has just
   *     gone
   */
  Said read(String site, Manifest manifest) {
    List<FieldError> faults = new ArrayList<>();
    Said said = new Said(rules(manifest, faults), settings(site, manifest, faults));
    if (faults.isEmpty()) {
      return said;
    }
    Problem problem =
        Problem.unprocessable("invalid-rules", "The deployment's rules are at fault. See errors.");
    for (FieldError fault : faults.subList(0, Math.min(faults.size(), RuleLimits.FAULTS))) {
      problem = problem.field(fault.field(), fault.reason());
    }
    throw problem;
  }

  private SiteRules rules(Manifest manifest, List<FieldError> faults) {
    try {
      return SiteRules.parse(
          bytes(manifest, SiteRules.REDIRECTS, RuleLimits.REDIRECTS_BYTES),
          bytes(manifest, SiteRules.HEADERS, RuleLimits.HEADERS_BYTES));
    } catch (InvalidRulesException e) {
      for (RuleFault fault : e.faults()) {
        faults.add(new FieldError(fault.place(), fault.reason()));
      }
      return SiteRules.NONE;
    }
  }

  private SettingsFile settings(String site, Manifest manifest, List<FieldError> faults) {
    if (manifest.find(SettingsFile.MISNAMED).isPresent()) {
      faults.add(
          new FieldError(
              SettingsFile.MISNAMED.substring(1),
              "is not read, and everybody could: settings are in portico.yml. Rename it"));
    }
    Optional<ManifestFile> file = manifest.find(SettingsFile.PATH);
    if (file.isPresent() && file.get().size() > SettingsFile.BYTES) {
      faults.add(SettingsFile.tooLong());
      return SettingsFile.NONE;
    }
    return file.isEmpty()
        ? SettingsFile.NONE
        : SettingsFile.parse(bytes(file.get()), environment, files.allowed(site), faults);
  }

  private byte @Nullable [] bytes(Manifest manifest, String path, int most) {
    Optional<ManifestFile> file = manifest.find(path);
    if (file.isEmpty()) {
      return null;
    }
    if (file.get().size() > most) {
      throw SiteRules.tooLong(path, most);
    }
    return bytes(file.get());
  }

  private byte[] bytes(ManifestFile file) {
    try (BlobContent content =
        blobs.open(new Digest(file.sha256()), null).orElseThrow(Problem::busy)) {
      return content.stream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
