package io.varve.tools.source;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.adapters.login.Login;
import io.varve.tools.option.HostPassword;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** Which host, and how to log on to it. */
public class HostOptions {
    @Option(
            names = "--host",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The Hyper-V host, by its full domain name. WinRM over HTTPS is used, port 5986 unless"
                    + " given; with http:// before the name, HTTP, port 5985, each message encrypted by Kerberos.")
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
            description = "Kerberos ticket cache to use, a file that 'kinit -c FILE' wrote. Default: KRB5CCNAME,"
                    + " then the system's default.")
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
            description = "Fingerprint of the host's certificate, in hex, for a self-signed one; no other is accepted.")
    private String fingerprint;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description = "Accept certificates signed by the authorities in this PEM file.")
    private Path authorities;

    /** Connects; the caller closes it. Nothing is sent yet. */
    public HyperV connect() throws IOException {
        return connect(HyperVHosts::connect);
    }

    /** The same; all questions and answers are written to {@code record}, which stays the caller's. */
    public HyperV connect(Writer record) throws IOException {
        return connect((address, login, trust) -> HyperVHosts.connect(address, login, trust, record));
    }

    @FunctionalInterface
    private interface Connecting {
        HyperV connect(String address, Login login, Trust trust);
    }

    private HyperV connect(Connecting connecting) throws IOException {
        if (host.startsWith("http://") && (fingerprint != null || authorities != null)) {
            throw new UsageException("--fingerprint and --ca are for HTTPS; omit them, or omit http://");
        }
        try {
            return connecting.connect(host, login(), trust());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--host: " + e.getMessage());
        }
    }

    private Login login() throws IOException {
        if (user == null) {
            return ticketCache == null ? new Login.Ticket() : new Login.Ticket(ticketCache);
        }
        if (ticketCache != null) {
            throw new UsageException("give --user or --ticket-cache, not both: the ticket cache names the account");
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
}
