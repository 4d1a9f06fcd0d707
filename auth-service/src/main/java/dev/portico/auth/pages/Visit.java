package dev.portico.auth.pages;

/**
 * What all pages of one visit have in common.
 *
 * @param messages the texts in the visitor's language
 * @param brand how the site that sent them wants it to look
 * @param carried the query that goes from page to page, with its question mark; empty if there is
 *     none
 * @param returns the origin that the visitor is sent back to, as policies name it; empty if none
 * @param token what forms prove by that they were shown to this browser
 */
record Visit(Messages messages, Brand brand, String carried, String returns, String token) {
  /** Without the token, since what is printed may be logged. */
  @Override
  public String toString() {
    return "Visit[" + brand.title() + ']';
  }
}
