package dev.portico.gateway.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of this machine's own, for HTTPS under {@code localhost} names. It may
 * sign for nothing else: its certificate says so (name constraints, RFC 5280, section 4.2.1.10), so
 * that trusting {@code ca.pem} in a browser gives nobody power over other names.
 */
final class LocalAuthority {
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
  private static final Duration LEAF_LIFETIME = Duration.ofDays(90);

  /** Clocks differ; a certificate made now should be valid on a machine that is a bit behind. */
  private static final Duration BACKDATED = Duration.ofDays(1);

  private static final String ALGORITHM = "SHA256withECDSA";
  private static final String CERTIFICATE_FILE = "ca.pem";
  private static final String KEY_FILE = "ca-key.pem";

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final SecureRandom random = new SecureRandom();

  private LocalAuthority(X509Certificate certificate, PrivateKey key) {
    this.certificate = certificate;
    this.key = key;
  }

  /** A certificate, its key and the chain up to the authority. */
  record Leaf(PrivateKey key, List<X509Certificate> chain) {}

  /**
   * The authority kept in {@code folder}, made and stored there when there is none.
   *
   * @throws UncheckedIOException when the folder cannot be read or written
   */
  static LocalAuthority open(Path folder) {
    try {
      Files.createDirectories(folder);
      Path certificateFile = folder.resolve(CERTIFICATE_FILE);
      Path keyFile = folder.resolve(KEY_FILE);
      if (Files.exists(certificateFile) && Files.exists(keyFile)) {
        LocalAuthority kept = load(certificateFile, keyFile);
        if (kept.certificate.getNotAfter().toInstant().isAfter(Instant.now())) {
          return kept;
        }
      }
      LocalAuthority made = make();
      // The key first: a certificate without its key would be taken for a whole authority.
      store(keyFile, pem("PRIVATE KEY", made.key.getEncoded()), "rw-------");
      store(certificateFile, pem("CERTIFICATE", made.certificate.getEncoded()), "rw-r--r--");
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException("The local authority's folder " + folder + " is unusable", e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("The local authority in " + folder + " is unusable", e);
    }
  }

  /** Makes a certificate for a DNS name; {@code localhost} gets the loopback addresses as well. */
  Leaf issue(String name) {
    try {
      KeyPair pair = newKey();
      Instant now = Instant.now();
      X500Name subject = new X500Name("CN=" + (name.length() <= 64 ? name : "localhost"));
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              certificate,
              serial(random),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(LEAF_LIFETIME)),
              subject,
              pair.getPublic());
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(Extension.subjectAlternativeName, false, names(name))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              extensions.createAuthorityKeyIdentifier(certificate))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(pair.getPublic()));
      return new Leaf(pair.getPrivate(), List.of(sign(builder, key), certificate));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new IllegalStateException("No certificate could be made for " + name, e);
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  private static GeneralNames names(String name) {
    GeneralName dns = new GeneralName(GeneralName.dNSName, name);
    return name.equals("localhost")
        ? new GeneralNames(
            new GeneralName[] {
              dns,
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.iPAddress, "::1")
            })
        : new GeneralNames(dns);
  }

  private static LocalAuthority make()
      throws GeneralSecurityException, OperatorCreationException, CertIOException {
    KeyPair pair = newKey();
    SecureRandom random = new SecureRandom();
    Instant now = Instant.now();
    BigInteger serial = serial(random);
    X500Name subject =
        new X500Name("O=Portico,CN=Portico local CA " + serial.toString(16).substring(0, 8));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            serial,
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(AUTHORITY_LIFETIME)),
            subject,
            pair.getPublic());
    GeneralSubtree[] permitted = {
      new GeneralSubtree(new GeneralName(GeneralName.dNSName, "localhost")),
      new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "127.0.0.0/8")),
      new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "::1/128"))
    };
    builder
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
        .addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
        .addExtension(Extension.nameConstraints, true, new NameConstraints(permitted, null))
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    return new LocalAuthority(sign(builder, pair.getPrivate()), pair.getPrivate());
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey signer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(ALGORITHM).build(signer)));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** 127 random bits, never shorter than the prefix that the authority's name shows. */
  private static BigInteger serial(SecureRandom random) {
    return new BigInteger(126, random).setBit(126);
  }

  private static LocalAuthority load(Path certificateFile, Path keyFile)
      throws IOException, GeneralSecurityException {
    X509Certificate certificate;
    try (var in = Files.newInputStream(certificateFile)) {
      certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    String text =
        Files.readString(keyFile, StandardCharsets.US_ASCII).replaceAll("-----[^-]+-----", "");
    byte[] encoded = Base64.getMimeDecoder().decode(text);
    PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    return new LocalAuthority(certificate, key);
  }

  private static String pem(String type, byte[] encoded) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  private static void store(Path file, String text, String permissions) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    // A temporary file is readable by its owner alone from its first moment.
    Path temporary = Files.createTempFile(folder, ".ca", ".tmp");
    Files.writeString(temporary, text, StandardCharsets.US_ASCII);
    if (posix) {
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(permissions));
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
