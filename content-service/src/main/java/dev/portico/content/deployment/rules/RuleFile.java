package dev.portico.content.deployment.rules;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A file of rules as lines: UTF-8, ended by LF or CR LF; empty ones and comments left out. */
final class RuleFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private RuleFile() {}

  /**
   * A line that says something.
   *
   * @param number from 1
   * @param text without white space around it
   */
  record Line(int number, String text) {}

  /** The lines of a file; faults of lines are noted, and those lines left out. */
  static List<Line> lines(String file, byte[] bytes, RuleFaults faults) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      number++;
      try {
        String text = text(bytes, start, end, number == 1);
        if (!text.isEmpty() && text.charAt(0) != '#') {
          lines.add(new Line(number, text));
        }
      } catch (RuleRejected e) {
        faults.add(file, number, e.reason());
      }
      start = end + 1;
    }
    return lines;
  }

  private static String text(byte[] bytes, int start, int end, boolean first) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes, start, end - start))
              .toString();
    } catch (CharacterCodingException e) {
      throw new RuleRejected("the line is not UTF-8");
    }
    if (first && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    text = text.strip();
    if (text.length() > RuleLimits.LINE) {
      throw new RuleRejected("the line has more than " + RuleLimits.LINE + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') {
        throw new RuleRejected("the line has a control character");
      }
    }
    return text;
  }

  /** A part of a line as it can be shown in a fault. */
  static String quoted(String part) {
    return '"' + (part.length() > 80 ? part.substring(0, 80) + "…" : part) + '"';
  }
}
