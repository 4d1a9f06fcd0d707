package dev.portico.auth.mfa;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;

/** A text as a QR code. */
final class QrCode {
  /** Pixels of a module: readable on a screen, small as a picture. */
  private static final int SCALE = 6;

  /** The light margin that readers need, in modules (ISO/IEC 18004 section 6.3.8). */
  private static final int QUIET = 4;

  private QrCode() {}

  /** The code as a PNG. */
  static byte[] png(String text) {
    try {
      ByteMatrix modules = Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix();
      int side = (modules.getWidth() + 2 * QUIET) * SCALE;
      return Png.blackAndWhite(side, side, (x, y) -> dark(modules, x / SCALE, y / SCALE));
    } catch (WriterException e) {
      throw new IllegalStateException("A URI of some hundred characters fits a QR code", e);
    }
  }

  private static boolean dark(ByteMatrix modules, int column, int row) {
    int x = column - QUIET;
    int y = row - QUIET;
    return x >= 0
        && y >= 0
        && x < modules.getWidth()
        && y < modules.getHeight()
        && modules.get(x, y) == 1;
  }
}
