package io.varve.adapters.login;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.Test;

/** What may pass is told from what will not. */
class KerberosFaultTest {
    private static IOException fault(Throwable cause, String message) {
        LoginException failure = new LoginException(message);
        failure.initCause(cause);
        return new KerberosFault(new Login.Ticket(), "cifs", "nas").of(failure);
    }

    @Test
    void onlyAKdcThatDoesNotAnswerMayComeBack() {
        assertInstanceOf(KdcAwayException.class, fault(new ConnectException("refused"), "refused"));
        assertInstanceOf(KdcAwayException.class, fault(new SocketTimeoutException("late"), "late"));
        assertFalse(fault(null, "Pre-authentication information was invalid (24)") instanceof KdcAwayException);
    }
}
