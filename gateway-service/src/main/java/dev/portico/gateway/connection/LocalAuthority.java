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
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.wildfly.security.asn1.ASN1Encoder;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.X500;
import org.wildfly.security.x500.cert.AuthorityKeyIdentifierExtension;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.ExtendedKeyUsageExtension;
import org.wildfly.security.x500.cert.KeyUsage;
import org.wildfly.security.x500.cert.KeyUsageExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.SubjectKeyIdentifierExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;
import org.wildfly.security.x500.cert.X509CertificateExtension;
import org.wildfly.security.x500.cert.util.KeyUtil;

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
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  /** An address and its mask (RFC 5280, section 4.2.1.10): 127.0.0.0/8, ::1/128. */
  private static final byte[] LOOPBACK_NETWORK = {127, 0, 0, 0, -1, 0, 0, 0};

  private static final byte[] LOOPBACK_6_NETWORK = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1
  };

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
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The local authority in " + folder + " is unusable", e);
    }
  }

  /** Makes a certificate for a DNS name; {@code localhost} gets the loopback addresses as well. */
  Leaf issue(String name) {
    try {
      KeyPair pair = newKey();
      // No basic constraints: without them it is no authority (RFC 5280, section 4.2.1.9).
      X509Certificate leaf =
          signedBy(key)
              .setIssuerDn(certificate.getSubjectX500Principal())
              .setSubjectDn(new X500Principal("CN=" + (name.length() <= 64 ? name : "localhost")))
              .setSerialNumber(serial(random))
              .setNotValidAfter(Instant.now().plus(LEAF_LIFETIME).atZone(ZoneOffset.UTC))
              .setPublicKey(pair.getPublic())
              .addExtension(new KeyUsageExtension(true, KeyUsage.digitalSignature))
              .addExtension(new ExtendedKeyUsageExtension(false, List.of(X500.OID_KP_SERVER_AUTH)))
              .addExtension(new SubjectAlternativeNamesExtension(false, names(name)))
              .addExtension(
                  new AuthorityKeyIdentifierExtension(
                      KeyUtil.getKeyIdentifier(certificate.getPublicKey()), List.of(), null))
              .addExtension(
                  new SubjectKeyIdentifierExtension(KeyUtil.getKeyIdentifier(pair.getPublic())))
              .build();
      return new Leaf(pair.getPrivate(), List.of(leaf, certificate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("No certificate could be made for " + name, e);
    }
  }

  X509Certificate certificate() {
    return certificate;
  }

  private static List<GeneralName> names(String name) {
    GeneralName dns = new GeneralName.DNSName(name);
    return name.equals("localhost")
        ? List.of(dns, new GeneralName.IPAddress(LOOPBACK), new GeneralName.IPAddress(LOOPBACK_6))
        : List.of(dns);
  }

  private static LocalAuthority make() throws GeneralSecurityException {
    KeyPair pair = newKey();
    BigInteger serial = serial(new SecureRandom());
    X500Principal subject =
        new X500Principal("O=Portico,CN=Portico local CA " + serial.toString(16).substring(0, 8));
    X509Certificate made =
        signedBy(pair.getPrivate())
            .setIssuerDn(subject)
            .setSubjectDn(subject)
            .setSerialNumber(serial)
            .setNotValidAfter(Instant.now().plus(AUTHORITY_LIFETIME).atZone(ZoneOffset.UTC))
            .setPublicKey(pair.getPublic())
            .addExtension(new BasicConstraintsExtension(true, true, 0))
            .addExtension(new KeyUsageExtension(true, KeyUsage.keyCertSign, KeyUsage.cRLSign))
            .addExtension(new LocalNamesOnly())
            .addExtension(
                new SubjectKeyIdentifierExtension(KeyUtil.getKeyIdentifier(pair.getPublic())))
            .build();
    return new LocalAuthority(made, pair.getPrivate());
  }

  private static X509CertificateBuilder signedBy(PrivateKey signer) {
    return new X509CertificateBuilder()
        .setSigningKey(signer)
        .setSignatureAlgorithmName(ALGORITHM)
        .setNotValidBefore(Instant.now().minus(BACKDATED).atZone(ZoneOffset.UTC));
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

  /**
   * Name constraints (RFC 5280, section 4.2.1.10): {@code localhost}, what is below it, and the
   * loopback addresses. Elytron's own extension leaves its subtrees open (2.9.2).
   */
  private static final class LocalNamesOnly extends X509CertificateExtension {
    private static final List<GeneralName> PERMITTED =
        List.of(
            new GeneralName.DNSName("localhost"),
            new GeneralName.IPAddress(LOOPBACK_NETWORK),
            new GeneralName.IPAddress(LOOPBACK_6_NETWORK));

    LocalNamesOnly() {
      super(true);
    }

    @Override
    public String getId() {
      return X500.OID_CE_NAME_CONSTRAINTS;
    }

    @Override
    public void encodeTo(ASN1Encoder encoder) {
      encoder.startSequence();
      encoder.encodeImplicit(0);
      encoder.startSequence();
      for (GeneralName base : PERMITTED) {
        encoder.startSequence();
        base.encodeTo(encoder);
        encoder.endSequence();
      }
      encoder.endSequence();
      encoder.endSequence();
    }
  }
}
