package io.varve.adapters.hyperv.cim;

import io.varve.adapters.hyperv.cim.CimException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSException;

/**
 * WMI of a host that asks again when the host does not answer for a moment: one lost connection must not cost a whole
 * night. Only questions are repeated, never a method that changes something. A host that has not answered yet is not
 * waited for, since its name, its certificate or the account are probably wrong.
 */
public final class PatientCim implements Cim {
    /** With four pauses between them, each twice as long as the one before. */
    private static final int ATTEMPTS = 5;

    private final Cim cim;
    private final Duration firstPause;
    private final Set<String> questions;
    private boolean hasAnswered;

    /**
     * @param cim taken over: closed with this
     * @param firstPause before a question is asked again; later ones are longer
     * @param questions methods that change nothing
     */
    public PatientCim(Cim cim, Duration firstPause, Set<String> questions) {
        this.cim = cim;
        this.firstPause = firstPause;
        this.questions = Set.copyOf(questions);
    }

    @Override
    public String host() {
        return cim.host();
    }

    @Override
    public List<CimObject> query(String wql) throws IOException {
        return patiently(() -> cim.query(wql));
    }

    @Override
    public Optional<CimObject> find(CimPath path) throws IOException {
        return patiently(() -> cim.find(path));
    }

    @Override
    public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
        return questions.contains(method)
                ? patiently(() -> cim.invoke(object, method, input))
                : cim.invoke(object, method, input);
    }

    @FunctionalInterface
    private interface Question<T> {
        T ask() throws IOException;
    }

    private <T> T patiently(Question<T> question) throws IOException {
        Duration pause = firstPause;
        for (int attempt = 1; ; attempt++) {
            try {
                T answer = question.ask();
                hasAnswered = true;
                return answer;
            } catch (IOException e) {
                if (!hasAnswered || attempt == ATTEMPTS || !isPassing(e)) {
                    throw e;
                }
                pause(pause);
                pause = pause.multipliedBy(2);
            }
        }
    }

    /** Whether the failure says nothing about what was asked: the host could not be reached, or was too busy. */
    private static boolean isPassing(IOException e) {
        if (e instanceof CimException fault) {
            return fault.kind() == Kind.TIMED_OUT || fault.kind() == Kind.UNAVAILABLE;
        }
        // A logon that was refused is not tried again: some attempts more and the account is locked.
        return !(e instanceof InterruptedIOException || e instanceof SSLException || isOfLogon(e));
    }

    private static boolean isOfLogon(IOException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof GSSException || cause instanceof LoginException) {
                return true;
            }
        }
        return false;
    }

    private void pause(Duration length) throws IOException {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for " + host()).initCause(e);
        }
    }

    @Override
    public void close() throws IOException {
        cim.close();
    }
}
