package dev.portico.auth.mfa;

import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A secret in the forms that people put into their app.
 *
 * @param secret base32, to be typed
 * @param uri the same with all about it, to be opened on the device that has the app
 * @param qrCode the URI as a QR code, to be photographed: a PNG as a data URI (RFC 2397)
 * @param session goes back with the answer of MFA_SETUP; absent for somebody signed in
 */
@Serdeable
@Schema(name = "TotpEnrolment")
public record TotpEnrolment(String secret, String uri, String qrCode, @Nullable String session) {
  /**
   * The forms of a secret.
   *
   * @param issuer what the app shows above the account
   */
  public static TotpEnrolment of(TotpSecret made, String issuer) {
    String uri = OtpAuthUri.of(issuer, made.account(), made.secret());
    return new TotpEnrolment(
        made.secret(),
        uri,
        "data:image/png;base64," + Base64.getEncoder().encodeToString(QrCode.png(uri)),
        made.session());
  }

  /** Without the secret, since what is printed may be logged. */
  @Override
  public String toString() {
    return "TotpEnrolment[...]";
  }
}
