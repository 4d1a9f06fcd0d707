package dev.portico.gateway.access.page;

/** What the pages say to those who are not let in, and of passwords that sites ask for. */
public enum RefusalText {
  /** Heads the page. */
  NOT_FOR_YOU("This is not open to you", "Das ist für Sie nicht zugänglich", "Accès non autorisé"),
  /** Heads the page of what only access tokens open. */
  FOR_PROGRAMS("This is for programs", "Das ist für Programme", "Réservé aux programmes"),
  /** What opens it. */
  TOKEN_NEEDED(
      "It asks for an access token with each request. Being signed in with a browser does not"
          + " count here.",
      "Hier braucht jede Anfrage ein Zugriffstoken. Dass Sie im Browser angemeldet sind, zählt hier"
          + " nicht.",
      "Chaque requête doit présenter un jeton d’accès. Être connecté dans un navigateur ne suffit"
          + " pas ici."),
  /** Before who somebody is. */
  SIGNED_IN_AS("You are signed in as", "Sie sind angemeldet als", "Vous êtes connecté en tant que"),
  /** The address. */
  ADDRESS(
      "It can be reached only from certain networks, and you come from another one.",
      "Das ist nur aus bestimmten Netzen erreichbar, und Sie kommen aus einem anderen.",
      "Cette page n’est accessible que depuis certains réseaux, et vous venez d’un autre."),
  /** The signature. */
  SIGNATURE(
      "The link or cookie that lets you in is missing, has expired or does not fit. Ask for a new"
          + " one where you got it.",
      "Der Link oder das Cookie, das Zugang gibt, fehlt, ist abgelaufen oder passt nicht. Bitte"
          + " holen Sie einen neuen dort, wo Sie ihn bekommen haben.",
      "Le lien ou le cookie qui donne accès manque, a expiré ou ne convient pas. Demandez-en un"
          + " nouveau là où vous l’avez obtenu."),
  /** Groups. */
  GROUPS(
      "It is for groups that your account is not in.",
      "Das ist für Gruppen, zu denen Ihr Konto nicht gehört.",
      "Cette page est réservée à des groupes dont votre compte ne fait pas partie."),
  /** Members. */
  MEMBER(
      "It is for members of this site, and your account is none.",
      "Das ist für Mitglieder dieser Website, und Ihr Konto ist keines.",
      "Cette page est réservée aux membres de ce site, dont votre compte ne fait pas partie."),
  /** Claims and scopes. */
  CLAIMS(
      "It is for accounts with other properties than yours.",
      "Das ist für Konten mit anderen Eigenschaften als Ihres.",
      "Cette page est réservée à des comptes ayant d’autres caractéristiques que le vôtre."),
  /** The authorizer. */
  AUTHORIZER(
      "This site does not let you in here.",
      "Diese Website lässt Sie hier nicht ein.",
      "Ce site ne vous donne pas accès à cette page."),
  /** Leads to another account. */
  OTHER_ACCOUNT("Use another account", "Ein anderes Konto verwenden", "Utiliser un autre compte"),
  /** Heads the page that asks for a password. */
  PASSWORD("This page needs a password", "Diese Seite braucht ein Passwort", "Mot de passe requis"),
  /** Names the field. */
  PASSWORD_LABEL("Password", "Passwort", "Mot de passe"),
  /** Sends it. */
  PASSWORD_SEND("Continue", "Weiter", "Continuer"),
  /** It was wrong. */
  PASSWORD_WRONG(
      "That was not the password.",
      "Das war nicht das Passwort.",
      "Ce n’est pas le bon mot de passe."),
  /** Too many were wrong. */
  PASSWORD_TOO_MANY(
      "There were too many wrong tries from your network. Please wait five minutes.",
      "Es gab zu viele falsche Versuche aus Ihrem Netz. Bitte warten Sie fünf Minuten.",
      "Trop d’essais erronés depuis votre réseau. Veuillez attendre cinq minutes."),
  /** It cannot be decided. */
  UNDECIDED(
      "It cannot be found out at the moment whether this is open to you",
      "Ob das für Sie zugänglich ist, lässt sich zurzeit nicht feststellen",
      "Impossible de savoir en ce moment si vous avez accès");

  private final String english;
  private final String german;
  private final String french;

  RefusalText(String english, String german, String french) {
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
