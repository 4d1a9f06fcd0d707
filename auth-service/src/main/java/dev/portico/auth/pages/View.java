package dev.portico.auth.pages;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one page shows, before its language is known. Its texts are named after it: {@code
 * NAME.title}, {@code NAME.intro}, {@code NAME.submit}. Made by one request for itself.
 */
final class View {
  private final String name;
  private final List<Field> fields = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<Action> links = new ArrayList<>();
  private final List<Action> buttons = new ArrayList<>();
  private Object[] arguments = {};
  private String intro;
  private @Nullable String notice;
  private @Nullable String action;
  private @Nullable Action exit;
  private @Nullable Enrolment enrolment;
  private @Nullable Profile profile;
  private boolean grave;
  private boolean leftAtOnce;

  private View(String name) {
    this.name = name;
    this.intro = name + ".intro";
  }

  /**
   * Something to go to, or to have done.
   *
   * @param path where
   * @param message the name of its text
   * @param username whose it is, sent with it; empty if that is not needed
   */
  record Action(String path, String message, String username) {}

  /**
   * What an authenticator app is set up by.
   *
   * @param picture the QR code as a data URI
   * @param secret the same to be typed, in groups
   * @param uri the same to be opened on the device that has the app
   */
  record Enrolment(String picture, String secret, String uri) {
    @Override
    public String toString() {
      return "Enrolment[...]";
    }
  }

  /**
   * What people see of their account.
   *
   * @param email the address, or empty
   * @param proven whether it was proven
   * @param name how they are called, or empty
   * @param groups those that the session names
   * @param app whether sign-in asks for codes of an app
   */
  record Profile(String email, boolean proven, String name, List<String> groups, boolean app) {}

  /** A page that shows a text. */
  static View of(String name) {
    return new View(name);
  }

  /** A page with a form that is sent to this path. */
  static View form(String name, String action) {
    var view = new View(name);
    view.action = action;
    return view;
  }

  /** What the introduction names. */
  View about(Object... named) {
    arguments = named;
    return this;
  }

  /** Another introduction. */
  View intro(String message, Object... named) {
    intro = message;
    arguments = named;
    return this;
  }

  View notice(String message) {
    notice = message;
    return this;
  }

  View field(Field field) {
    fields.add(field);
    return this;
  }

  View faults(List<Fault> more) {
    faults.addAll(more);
    return this;
  }

  View link(String path, String message) {
    links.add(new Action(path, message, ""));
    return this;
  }

  /** The way to another host. */
  View leave(String address, String message) {
    exit = new Action(address, message, "");
    return this;
  }

  /** The way to another host or page, taken without being asked. */
  View leaveAtOnce(String address, String message) {
    leftAtOnce = true;
    return leave(address, message);
  }

  /** A button beside the form, which sends nothing but the name of an account. */
  View button(String path, String message, String username) {
    buttons.add(new Action(path, message, username));
    return this;
  }

  /** The button that has another code sent to an account; none where nobody has said which. */
  View resend(String path, String message, String username) {
    return username.isEmpty() ? this : button(path, message, username);
  }

  View enrolment(Enrolment shown) {
    enrolment = shown;
    return this;
  }

  View profile(Profile shown) {
    profile = shown;
    return this;
  }

  /** The form does what cannot be undone. */
  View grave() {
    grave = true;
    return this;
  }

  String name() {
    return name;
  }

  String intro() {
    return intro;
  }

  Object[] arguments() {
    return arguments.clone();
  }

  @Nullable String notice() {
    return notice;
  }

  @Nullable String action() {
    return action;
  }

  List<Field> fields() {
    return fields;
  }

  List<Fault> faults() {
    return faults;
  }

  List<Action> links() {
    return links;
  }

  List<Action> buttons() {
    return buttons;
  }

  @Nullable Action exit() {
    return exit;
  }

  boolean isLeftAtOnce() {
    return leftAtOnce;
  }

  @Nullable Enrolment enrolment() {
    return enrolment;
  }

  @Nullable Profile profile() {
    return profile;
  }

  boolean isGrave() {
    return grave;
  }

  /** The fault of a field; null if it has none. */
  @Nullable Fault faultOf(Field field) {
    return faults.stream().filter(f -> f.field().equals(field.name())).findFirst().orElse(null);
  }
}
