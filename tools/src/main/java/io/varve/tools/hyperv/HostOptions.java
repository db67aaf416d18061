package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.hyperv.wsman.Login;
import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.adapters.hyperv.wsman.WsMan;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import io.varve.tools.option.HostPassword;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Option;

/** Which host, and how to log on to it. */
final class HostOptions {
    private static final Duration POLL = Duration.ofSeconds(1);

    @Option(
            names = "--host",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The Hyper-V host, by the full name that it has in its domain; WinRM over HTTPS, port 5986"
                    + " unless stated. With http:// before it: over HTTP, port 5985, each message sealed by Kerberos.")
    private String host;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Account: USER@DOMAIN or DOMAIN\\USER of a domain (Kerberos), USER of the host itself (Basic"
                    + " over TLS). Without it, the Kerberos ticket of this session is used (kinit).")
    private String user;

    @Option(
            names = "--ticket-cache",
            paramLabel = "FILE",
            description = "Kerberos ticket cache to use, a file that 'kinit -c FILE' wrote. Default: KRB5CCNAME, then"
                    + " the system's own.")
    private Path ticketCache;

    @Option(
            names = "--host-password-file",
            paramLabel = "FILE",
            description = "File whose first line is the account's password. Default: VARVE_HOST_PASSWORD_FILE,"
                    + " then VARVE_HOST_PASSWORD.")
    private Path passwordFile;

    @Option(
            names = "--fingerprint",
            paramLabel = "SHA256",
            description = "Accept exactly this certificate of the host, in hex; for self-signed ones.")
    private String fingerprint;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Accept certificates that the authorities in this PEM file signed.")
    private Path authorities;

    /** Connects; the caller closes it. Nothing is sent yet. */
    HyperV connect() throws IOException {
        if (host.startsWith("http://") && (fingerprint != null || authorities != null)) {
            throw new UsageException("--fingerprint and --ca are for HTTPS; leave them out, or http://");
        }
        try {
            return new HyperV(WsMan.connect(host, login(), trust()), POLL);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--host: " + e.getMessage());
        }
    }

    private Login login() throws IOException {
        if (user == null) {
            return ticketCache == null ? new Login.Ticket() : new Login.Ticket(ticketCache);
        }
        if (ticketCache != null) {
            throw new UsageException("give --user or --ticket-cache, not both: the cache says whose the ticket is");
        }
        char[] password = HostPassword.find(passwordFile)
                .orElseThrow(() -> new UsageException("--user needs a password: give --host-password-file, or set "
                        + HostPassword.FILE_VARIABLE + " or " + HostPassword.VARIABLE));
        try {
            return Login.byPassword(user, password);
        } catch (IllegalArgumentException e) {
            Arrays.fill(password, '\0');
            throw new UsageException("--user: " + e.getMessage());
        }
    }

    private Trust trust() throws IOException {
        if (fingerprint != null && authorities != null) {
            throw new UsageException("give --fingerprint or --ca, not both");
        }
        if (authorities != null) {
            return Trust.authorities(authorities);
        }
        try {
            return fingerprint == null ? Trust.standard() : Trust.pinned(fingerprint);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--fingerprint: " + e.getMessage());
        }
    }

    /** What the host's folders are called here. */
    static HostPaths paths(List<String> maps) throws UsageException {
        List<HostPaths.Mount> mounts = new ArrayList<>();
        for (String map : maps) {
            try {
                mounts.add(HostPaths.Mount.parse(map));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--map: " + e.getMessage());
            }
        }
        return mounts.isEmpty() ? HostPaths.ofThisHost() : HostPaths.mounted(mounts);
    }

    /**
     * The machine that is meant.
     *
     * @param wanted GUID or name
     */
    static VirtualMachine machine(HyperV hyperV, String wanted) throws IOException {
        List<VirtualMachine> machines = asked(hyperV::machines);
        Optional<UUID> id = uuid(wanted);
        List<VirtualMachine> found = machines.stream()
                .filter(machine -> id.isPresent()
                        ? machine.id().equals(id.get())
                        : machine.name().equalsIgnoreCase(wanted))
                .toList();
        if (found.isEmpty()) {
            throw new UsageException("--vm: host " + hyperV.host() + " has no machine " + Printable.name(wanted)
                    + "; 'varve hyperv list' shows them");
        }
        if (found.size() > 1) {
            throw new UsageException("--vm: host " + hyperV.host() + " has " + found.size() + " machines called "
                    + Printable.name(wanted) + "; name one by its GUID: "
                    + String.join(
                            ", ",
                            found.stream()
                                    .map(machine -> machine.id().toString())
                                    .toList()));
        }
        return found.get(0);
    }

    private static Optional<UUID> uuid(String text) {
        return text.matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }

    /** A question to the host. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    /** What the host says; its failures are those of a source. */
    static <T> T asked(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (InterruptedIOException | UsageException | SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e), e);
        }
    }
}
