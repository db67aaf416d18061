package io.varve.tools.source;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.hyperv.cim.RecordingCim;
import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.adapters.hyperv.wsman.WsMan;
import io.varve.adapters.login.Login;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Connections to Hyper-V hosts, and questions to them. */
public final class HyperVHosts {
    /** Milliseconds between two looks at a job of a host; all other pauses are multiples of it. */
    private static final String PAUSE = "varve.hyperv.pause-millis";

    private static final int RETRY = 30;

    private HyperVHosts() {}

    /**
     * Connects; the caller closes it. Nothing is sent yet.
     *
     * @param address {@code HOST[:PORT]} of its WinRM over HTTPS
     * @throws IllegalArgumentException when the address is none
     */
    public static HyperV connect(String address, Login login, Trust trust) {
        return new HyperV(WsMan.connect(address, login, trust), pause());
    }

    /** The same; all questions and answers are written to {@code record}, which stays the caller's. */
    public static HyperV connect(String address, Login login, Trust trust, Writer record) {
        return new HyperV(new RecordingCim(WsMan.connect(address, login, trust), record), pause());
    }

    private static Duration pause() {
        return Duration.ofMillis(Long.getLong(PAUSE, 1000));
    }

    /** How machines are frozen unless the operator says otherwise. */
    public static HyperVSource.Choices choices() {
        return HyperVSource.Choices.DEFAULT.withRetryPause(pause().multipliedBy(RETRY));
    }

    /** A question to a host. */
    @FunctionalInterface
    public interface Question<T> {
        /** Asks it. */
        T ask() throws IOException;
    }

    /** What the host says; its failures are those of a source. */
    public static <T> T asked(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (InterruptedIOException | UsageException | SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e), e);
        }
    }

    /**
     * The machine that is meant.
     *
     * @param machines all machines of the host
     * @param host its name, for messages
     * @param wanted GUID or name
     * @throws UsageException when there is no such machine, or several of the name
     */
    public static VirtualMachine find(List<VirtualMachine> machines, String host, String wanted) throws UsageException {
        Optional<UUID> id = guid(wanted);
        List<VirtualMachine> found = machines.stream()
                .filter(machine -> id.isPresent()
                        ? machine.id().equals(id.get())
                        : machine.name().equalsIgnoreCase(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new UsageException(
                    "host " + host + " has no machine " + Printable.name(wanted) + "; 'varve hyperv list' shows them");
        }
        if (found.size() > 1) {
            throw new UsageException("host " + host + " has " + Count.of(found.size(), "machine") + " called "
                    + Printable.name(wanted) + "; name one by its GUID: "
                    + String.join(
                            ", ",
                            found.stream()
                                    .map(machine -> machine.id().toString())
                                    .toList()));
        }
        return found.get(0);
    }

    /** The GUID that a text is; empty if it is none. */
    public static Optional<UUID> guid(String text) {
        return text.matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }
}
