package dev.portico.gateway.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final CircuitBreaker breaker = new CircuitBreaker(3, 1000);

  private void fail(int times, long now) {
    for (int i = 0; i < times; i++) {
      breaker.failed(now);
    }
  }

  @Test
  void opensAfterSoManyFailuresInARow() {
    fail(2, 0);
    assertThat(breaker.allows(0)).isTrue();
    breaker.failed(0);
    assertThat(breaker.allows(0)).isFalse();
    assertThat(breaker.enter(999)).isFalse();
  }

  @Test
  void aWholeResponseStartsTheCountAnew() {
    fail(2, 0);
    breaker.succeeded();
    fail(2, 0);
    assertThat(breaker.allows(0)).isTrue();
  }

  @Test
  void letsOneTryWhenTheTimeIsOver() {
    fail(3, 0);
    assertThat(breaker.enter(1000)).isTrue();
    assertThat(breaker.enter(1000)).isFalse();
    assertThat(breaker.allows(1000)).isFalse();
  }

  @Test
  void closesWhenTheOneThatTriesIsAnswered() {
    fail(3, 0);
    breaker.enter(1000);
    breaker.answered();
    assertThat(breaker.enter(1000)).isTrue();
    assertThat(breaker.enter(1000)).isTrue();
  }

  @Test
  void isNotClosedBeforeTheOneThatTriesIsAnswered() {
    assertThat(breaker.isClosed()).isTrue();
    fail(3, 0);
    assertThat(breaker.isClosed()).isFalse();
    breaker.enter(1000);
    assertThat(breaker.isClosed()).isFalse();
    breaker.answered();
    assertThat(breaker.isClosed()).isTrue();
  }

  /** A head is not a response: whoever breaks off every body must not stay in. */
  @Test
  void opensAgainAtOnceWhenThatAnswerBreaksOff() {
    fail(3, 0);
    breaker.enter(1000);
    breaker.answered();
    breaker.failed(1001);
    assertThat(breaker.allows(1001)).isFalse();
  }

  @Test
  void opensAgainWhenTheOneThatTriesFails() {
    fail(3, 0);
    breaker.enter(1000);
    breaker.failed(1500);
    assertThat(breaker.allows(2499)).isFalse();
    assertThat(breaker.allows(2500)).isTrue();
  }

  @Test
  void letsAnotherTryWhenTheOneThatTriedWasAbandoned() {
    fail(3, 0);
    breaker.enter(1000);
    breaker.abandoned();
    assertThat(breaker.enter(1001)).isTrue();
  }

  @Test
  void oneThatNeverCameBackDoesNotKeepItShut() {
    fail(3, 0);
    breaker.enter(1000);
    assertThat(breaker.enter(1999)).isFalse();
    assertThat(breaker.enter(2000)).isTrue();
  }

  @Test
  void whatWasUnderWayWhenItOpenedChangesNothing() {
    fail(3, 0);
    breaker.failed(500);
    breaker.succeeded();
    breaker.answered();
    assertThat(breaker.allows(999)).isFalse();
    assertThat(breaker.allows(1000)).isTrue();
  }

  @Test
  void aCheckThatGoesWellClosesItAtOnce() {
    fail(3, 0);
    breaker.revived();
    assertThat(breaker.allows(1)).isTrue();
    fail(2, 1);
    assertThat(breaker.allows(1)).isTrue();
  }

  @Test
  void aCheckThatGoesBadlyKeepsItOpen() {
    fail(3, 0);
    breaker.unwell(900);
    assertThat(breaker.allows(1000)).isFalse();
    assertThat(breaker.allows(1900)).isTrue();
  }

  @Test
  void checksThatGoBadlyOpenIt() {
    breaker.unwell(0);
    breaker.unwell(0);
    assertThat(breaker.allows(0)).isTrue();
    breaker.unwell(0);
    assertThat(breaker.allows(0)).isFalse();
  }

  @Test
  void neverOpensForTheServices() {
    CircuitBreaker never = new CircuitBreaker(Integer.MAX_VALUE, 0);
    for (int i = 0; i < 1000; i++) {
      never.failed(0);
    }
    assertThat(never.enter(0)).isTrue();
  }
}
