package io.varve.tools.option;

import io.varve.tools.output.UsageException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to log on to the servers of disks on shares, {@code smb://HOST/SHARE/PATH}. */
public final class ShareOptions {
    @Option(
            names = "--smb-user",
            paramLabel = "USER",
            description = "Account for disks on shares: USER or DOMAIN\\USER (NTLM version 2), USER@DOMAIN (Kerberos)."
                    + " Default: VARVE_SMB_USER, then the Kerberos ticket of this session.")
    private String user;

    @Option(
            names = "--smb-password-file",
            paramLabel = "FILE",
            description = "File whose first line is its password. Default: VARVE_HOST_PASSWORD_FILE, then"
                    + " VARVE_HOST_PASSWORD, then a prompt.")
    private Path passwordFile;

    @Option(
            names = "--smb-ticket-cache",
            paramLabel = "FILE",
            description = "Kerberos ticket cache for shares, a file that 'kinit -c FILE' wrote.")
    private Path ticketCache;

    /** The servers; the caller closes them. Nothing is sent yet. */
    public ShareServers servers() throws UsageException {
        if (user != null && ticketCache != null) {
            throw new UsageException(
                    "give --smb-user or --smb-ticket-cache, not both: the cache says whose the ticket is");
        }
        return new ShareServers(
                Optional.ofNullable(user), Optional.ofNullable(passwordFile), Optional.ofNullable(ticketCache));
    }
}
