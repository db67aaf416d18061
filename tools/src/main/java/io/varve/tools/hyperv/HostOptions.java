package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.adapters.hyperv.wsman.Login;
import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.tools.option.HostPassword;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which host, and how to log on to it. */
final class HostOptions {
    @Option(
            names = "--host",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The Hyper-V host; WinRM over HTTPS, port 5986 unless stated.")
    private String host;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description = "Local account of the host (Basic over TLS). Otherwise the Kerberos ticket of this"
                    + " session is used (kinit).")
    private String user;

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
        try {
            return HyperVHosts.connect(host, login(), trust());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--host: " + e.getMessage());
        }
    }

    /**
     * The machine that is meant.
     *
     * @param wanted GUID or name
     */
    static VirtualMachine machine(HyperV hyperV, String wanted) throws IOException {
        return HyperVHosts.find(HyperVHosts.asked(hyperV::machines), hyperV.host(), wanted);
    }

    private Login login() throws IOException {
        if (user == null) {
            return new Login.Ticket();
        }
        char[] password = HostPassword.find(passwordFile)
                .orElseThrow(() -> new UsageException("--user needs a password: give --host-password-file, or set "
                        + HostPassword.FILE_VARIABLE + " or " + HostPassword.VARIABLE));
        return new Login.Basic(user, password);
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
}
