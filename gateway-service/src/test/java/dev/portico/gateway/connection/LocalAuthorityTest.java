package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalAuthorityTest {
  @TempDir Path folder;

  @Test
  void isMadeOnceAndFoundAgain() throws Exception {
    LocalAuthority made = LocalAuthority.open(folder);
    assertThat(LocalAuthority.open(folder).certificate()).isEqualTo(made.certificate());
    assertThat(Files.getPosixFilePermissions(folder.resolve("ca-key.pem")))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    assertThat(Files.readString(folder.resolve("ca.pem"))).startsWith("-----BEGIN CERTIFICATE");
  }

  @Test
  void signsCertificatesThatVerifyAgainstIt() throws Exception {
    LocalAuthority authority = LocalAuthority.open(folder);
    LocalAuthority.Leaf leaf = LocalAuthority.open(folder).issue("demo.localhost");
    leaf.chain().getFirst().verify(authority.certificate().getPublicKey());
    leaf.chain().getFirst().checkValidity();
    assertThat(leaf.chain().getFirst().getSubjectAlternativeNames())
        .containsExactly(List.of(2, "demo.localhost"));
    assertThat(leaf.chain().getFirst().getBasicConstraints()).isEqualTo(-1);
    assertThat(authority.certificate().getBasicConstraints()).isZero();
  }

  /** By the JDK, which refuses a critical extension that it cannot read. */
  @ParameterizedTest
  @CsvSource({
    "demo.localhost, true",
    "localhost, true",
    "example.org, false",
    "localhost.example.org, false"
  })
  void isBelievedAboutLocalNamesOnly(String name, boolean believed) throws Exception {
    LocalAuthority authority = LocalAuthority.open(folder);
    // The anchor is its key alone, so that its certificate is a link whose constraints count.
    var anchor =
        new TrustAnchor(
            authority.certificate().getSubjectX500Principal(),
            authority.certificate().getPublicKey(),
            null);
    var parameters = new PKIXParameters(Set.of(anchor));
    parameters.setRevocationEnabled(false);
    var path =
        CertificateFactory.getInstance("X.509").generateCertPath(authority.issue(name).chain());
    ThrowingCallable validation =
        () -> CertPathValidator.getInstance("PKIX").validate(path, parameters);
    if (believed) {
      assertThatCode(validation).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(validation).hasMessageContaining("name constraints");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "demo.localhost, true",
    "a.b.localhost, true",
    "localhost.example.org, false",
    "notlocalhost, false",
    "example.org, false",
    "'', false",
  })
  void onlyLocalhostNamesAreServed(String name, boolean local) {
    assertThat(TlsContexts.local(name)).isEqualTo(local);
  }
}
