package dev.portico.content.deployment;

import dev.portico.content.blob.BlobContent;
import dev.portico.content.blob.BlobStore;
import dev.portico.content.blob.Digest;
import dev.portico.content.deployment.csp.ComputedPolicy;
import dev.portico.content.deployment.csp.PageScan;
import dev.portico.content.deployment.csp.PolicyBuilder;
import dev.portico.content.deployment.manifest.ManifestFile;
import dev.portico.content.deployment.manifest.StoredManifest;
import dev.portico.content.error.Problem;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages and style sheets of a deployment for the policy that they need. One deployment at
 * a time: a page takes many times its size while it is looked at.
 */
@Singleton
class PolicyComputation {
  /** Larger files are left out, in bytes. */
  static final long LARGEST = 2 << 20;

  /** What is read of a deployment, in bytes; files beyond that are left out. */
  static final long MOST_BYTES = 128 << 20;

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset=\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  private final BlobStore blobs;
  private final Semaphore running = new Semaphore(1);

  PolicyComputation(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * The policy for all that a deployment has.
   *
   * @param manifest the caller closes it
   * @param longest how long a policy may be, in bytes
   * @throws Problem 503 while that of another deployment is computed
   */
  ComputedPolicy compute(StoredManifest manifest, int longest) throws IOException {
    if (!running.tryAcquire()) {
      throw Problem.busy();
    }
    try {
      PolicyBuilder policy = new PolicyBuilder(longest);
      Set<String> seen = new HashSet<>();
      long read = 0;
      for (ManifestFile file = manifest.next(); file != null; file = manifest.next()) {
        String type = file.type();
        boolean page = type.startsWith("text/html") || type.startsWith("application/xhtml+xml");
        if ((!page && !type.startsWith("text/css")) || !seen.add(file.sha256())) {
          continue;
        }
        if (file.size() > LARGEST || read + file.size() > MOST_BYTES) {
          policy.leaveOut(file.path());
          continue;
        }
        read += file.size();
        look(file, page, policy);
      }
      return policy.build();
    } finally {
      running.release();
    }
  }

  /** Of its media type, which browsers believe more than the page. */
  private static @Nullable String charset(String type) {
    Matcher charset = CHARSET.matcher(type);
    try {
      return charset.find() && Charset.isSupported(charset.group(1)) ? charset.group(1) : null;
    } catch (IllegalCharsetNameException e) {
      return null;
    }
  }

  private void look(ManifestFile file, boolean page, PolicyBuilder policy) throws IOException {
    try (BlobContent blob =
            blobs
                .open(new Digest(file.sha256()), null)
                .orElseThrow(
                    () -> new IllegalStateException("blob " + file.sha256() + " is missing"));
        InputStream in = blob.stream()) {
      if (page) {
        PageScan.page(in, charset(file.type()), file.path(), policy);
      } else {
        String css = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        PageScan.styleSheet(css, file.path(), policy);
      }
    }
  }
}
