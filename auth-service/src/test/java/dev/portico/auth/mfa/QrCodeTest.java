package dev.portico.auth.mfa;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QrCodeTest {
  private static BufferedImage picture(String text) throws IOException {
    return Objects.requireNonNull(ImageIO.read(new ByteArrayInputStream(QrCode.png(text))));
  }

  @Test
  void isReadAsWhatWasWritten() throws IOException, ReaderException {
    String uri =
        OtpAuthUri.of("A company & son", "ann+x@example.com", "GEZDGNBVGY3TQOJQ".repeat(3));
    BufferedImage picture = picture(uri);
    int width = picture.getWidth();
    int height = picture.getHeight();
    var pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    var read =
        new QRCodeReader()
            .decode(
                new BinaryBitmap(
                    new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))));
    assertThat(read.getText()).isEqualTo(uri);
  }

  @Test
  void hasAMarginOfFourModules() throws IOException {
    BufferedImage picture = picture("otpauth://totp/x");
    for (int i = 0; i < picture.getWidth(); i++) {
      assertThat(picture.getRGB(i, 23)).isEqualTo(0xffffffff);
      assertThat(picture.getRGB(23, i)).isEqualTo(0xffffffff);
    }
    assertThat(picture.getRGB(24, 24)).isEqualTo(0xff000000);
  }

  @ParameterizedTest
  @CsvSource({
    "Portico,ann@example.com,otpauth://totp/Portico:ann%40example.com?secret=S&issuer=Portico",
    "A & B,a b+c,otpauth://totp/A%20%26%20B:a%20b%2Bc?secret=S&issuer=A%20%26%20B",
    "Ünï,日,otpauth://totp/%C3%9Cn%C3%AF:%E6%97%A5?secret=S&issuer=%C3%9Cn%C3%AF"
  })
  void urisAreEncoded(String issuer, String account, String uri) {
    assertThat(OtpAuthUri.of(issuer, account, "S")).isEqualTo(uri);
  }
}
