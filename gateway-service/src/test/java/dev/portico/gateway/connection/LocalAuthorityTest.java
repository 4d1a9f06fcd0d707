package dev.portico.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
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
