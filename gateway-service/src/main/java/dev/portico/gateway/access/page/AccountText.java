package dev.portico.gateway.access.page;

/** What the pages of signing in and out say. */
public enum AccountText {
  /** Heads the page that asks whether to sign out. */
  SIGN_OUT("Sign out", "Abmelden", "Se déconnecter"),
  /** Explains it. */
  SIGN_OUT_HERE(
      "You will be signed out here and at all other sites that you use with this sign-in in this"
          + " browser.",
      "Sie werden hier und bei allen anderen Websites abgemeldet, die Sie in diesem Browser mit"
          + " dieser Anmeldung benutzen.",
      "Vous serez déconnecté ici et de tous les autres sites que vous utilisez avec cette connexion"
          + " dans ce navigateur."),
  /** Ends all that the account has. */
  SIGN_OUT_EVERYWHERE(
      "Sign out on all devices", "Auf allen Geräten abmelden", "Se déconnecter partout"),
  /** Leads back without signing out. */
  STAY("Stay signed in", "Angemeldet bleiben", "Rester connecté"),
  /** Heads a sign-in that came to nothing. */
  NOT_COMPLETED(
      "The sign-in was not completed",
      "Die Anmeldung wurde nicht abgeschlossen",
      "La connexion n’a pas abouti"),
  /** The browser did not show the cookie. */
  NO_COOKIE(
      "This browser did not send the cookie with which the sign-in began. Perhaps cookies are"
          + " blocked, more than ten minutes have passed, or it was begun in another browser.",
      "Dieser Browser hat das Cookie nicht gesendet, mit dem die Anmeldung begann. Vielleicht sind"
          + " Cookies gesperrt, es sind mehr als zehn Minuten vergangen, oder sie wurde in einem"
          + " anderen Browser begonnen.",
      "Ce navigateur n’a pas envoyé le cookie avec lequel la connexion a commencé. Peut-être que"
          + " les cookies sont bloqués, que plus de dix minutes se sont écoulées, ou qu’elle a"
          + " commencé dans un autre navigateur."),
  /** The code was used already, or is too old. */
  USED_UP(
      "This sign-in was used already or took too long.",
      "Diese Anmeldung wurde schon benutzt oder hat zu lange gedauert.",
      "Cette connexion a déjà été utilisée ou a pris trop de temps."),
  /** Somebody said no. */
  CANCELLED(
      "The sign-in was cancelled or refused.",
      "Die Anmeldung wurde abgebrochen oder abgelehnt.",
      "La connexion a été annulée ou refusée."),
  /** The session does not hold. */
  NOT_KEPT(
      "You have signed in just now, but this site does not take it. Perhaps the browser does not"
          + " keep cookies, or the sign-in was ended elsewhere.",
      "Sie haben sich gerade angemeldet, aber diese Website nimmt es nicht an. Vielleicht behält"
          + " der Browser keine Cookies, oder die Anmeldung wurde anderswo beendet.",
      "Vous venez de vous connecter, mais ce site ne l’accepte pas. Peut-être que le navigateur ne"
          + " garde pas les cookies, ou que la connexion a été terminée ailleurs."),
  /** Leads to another try. */
  AGAIN("Sign in again", "Erneut anmelden", "Se reconnecter"),
  /** Leads to the site's root. */
  HOME("To the home page", "Zur Startseite", "Vers la page d’accueil"),
  /** Heads what cannot be done now. */
  UNAVAILABLE(
      "Signing in is not possible at the moment",
      "Anmelden ist zurzeit nicht möglich",
      "La connexion est impossible en ce moment"),
  /** Explains it. */
  LATER(
      "Please try again in a few moments.",
      "Bitte versuchen Sie es gleich noch einmal.",
      "Veuillez réessayer dans quelques instants."),
  /** The sign-out did not come through. */
  STILL_SIGNED_IN(
      "You could not be signed out; you are still signed in.",
      "Sie konnten nicht abgemeldet werden und sind noch angemeldet.",
      "Vous n’avez pas pu être déconnecté et êtes toujours connecté.");

  private final String english;
  private final String german;
  private final String french;

  AccountText(String english, String german, String french) {
    this.english = english;
    this.german = german;
    this.french = french;
  }

  /** The text. */
  public String in(Language language) {
    return switch (language) {
      case ENGLISH -> english;
      case GERMAN -> german;
      case FRENCH -> french;
    };
  }
}
