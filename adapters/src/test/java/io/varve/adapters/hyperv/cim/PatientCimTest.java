package io.varve.adapters.hyperv.cim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.cim.CimException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which failures are tried again, and which never. */
class PatientCimTest {
    private static final CimPath PATH = CimPath.of("Msvm_X", "InstanceID", "a");

    private final Deque<IOException> failures = new ArrayDeque<>();
    private int asked;

    private final PatientCim patient = new PatientCim(
            new Cim() {
                private void next() throws IOException {
                    asked++;
                    if (!failures.isEmpty()) {
                        throw failures.remove();
                    }
                }

                @Override
                public String host() {
                    return "hv1";
                }

                @Override
                public List<CimObject> query(String wql) throws IOException {
                    next();
                    return List.of();
                }

                @Override
                public Optional<CimObject> find(CimPath path) throws IOException {
                    next();
                    return Optional.empty();
                }

                @Override
                public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
                    next();
                    return CimFields.NONE;
                }

                @Override
                public void close() {}
            },
            Duration.ofMillis(1),
            Set.of("GetX"));

    private void answerOnce() throws IOException {
        patient.query("SELECT * FROM Msvm_X");
        asked = 0;
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            failures.add(new IOException("the connection is gone"));
        }
    }

    @Test
    void questionsAreAskedAgain() throws IOException {
        answerOnce();
        fail(4);
        assertEquals(List.of(), patient.query("SELECT * FROM Msvm_X"));
        fail(2);
        assertEquals(Optional.empty(), patient.find(PATH));
        fail(1);
        patient.invoke(PATH, "GetX", CimFields.NONE);
        assertEquals(5 + 3 + 2, asked);
    }

    @Test
    void patienceHasAnEnd() throws IOException {
        answerOnce();
        fail(5);
        assertThrows(IOException.class, () -> patient.query("SELECT * FROM Msvm_X"));
        assertEquals(5, asked);
    }

    @Test
    void whatChangesSomethingIsNeverRepeated() throws IOException {
        answerOnce();
        fail(1);
        assertThrows(IOException.class, () -> patient.invoke(PATH, "CreateX", CimFields.NONE));
        assertEquals(1, asked);
    }

    @Test
    void aHostThatNeverAnsweredIsNotWaitedFor() {
        fail(1);
        assertThrows(IOException.class, () -> patient.query("SELECT * FROM Msvm_X"));
        assertEquals(1, asked);
    }

    @ParameterizedTest
    @EnumSource
    void onlyFaultsThatPassAreTriedAgain(Kind kind) throws IOException {
        answerOnce();
        failures.add(new CimException(kind, 0, "fault"));
        if (kind == Kind.TIMED_OUT || kind == Kind.UNAVAILABLE) {
            patient.find(PATH);
        } else {
            assertThrows(CimException.class, () -> patient.find(PATH));
        }
        assertTrue(failures.isEmpty());
    }

    @Test
    void anInterruptionEndsIt() throws IOException {
        answerOnce();
        failures.add(new InterruptedIOException("stop"));
        assertThrows(InterruptedIOException.class, () -> patient.find(PATH));
        assertEquals(1, asked);
    }
}
