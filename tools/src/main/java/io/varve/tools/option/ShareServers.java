package io.varve.tools.option;

import io.varve.adapters.login.Login;
import io.varve.adapters.smb.SmbFile;
import io.varve.adapters.smb.SmbLogin;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.Timings;
import io.varve.engine.port.SourceFile;
import io.varve.tools.output.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Servers that disks are read from, one connection each, made when they are first needed. For any number of threads.
 */
public final class ShareServers implements Closeable {
    /** The variable that names the account. */
    public static final String USER_VARIABLE = "VARVE_SMB_USER";

    private final Optional<String> user;
    private final Optional<Path> passwordFile;
    private final Optional<Path> ticketCache;
    private final Map<ServerAddress, SmbServer> servers = new HashMap<>(); // guarded by itself

    /**
     * Asks for nothing yet.
     *
     * @param user the account; empty for {@link #USER_VARIABLE}, and without that for a Kerberos ticket
     * @param passwordFile empty for what {@link HostPassword} knows
     * @param ticketCache empty for the session's own
     */
    public ShareServers(Optional<String> user, Optional<Path> passwordFile, Optional<Path> ticketCache) {
        this.user = user;
        this.passwordFile = passwordFile;
        this.ticketCache = ticketCache;
    }

    /** With what the environment says. */
    public static ShareServers ofEnvironment() {
        return new ShareServers(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A file on a share; nothing is sent yet. */
    public SourceFile file(SmbPath path) throws IOException {
        return new SmbFile(server(path.server()), path);
    }

    /** The server of that address, which stays this object's; nothing is sent yet. */
    public SmbServer server(ServerAddress address) throws IOException {
        synchronized (servers) {
            SmbServer known = servers.get(address);
            if (known == null) {
                known = new SmbServer(address, login(address), Timings.STANDARD);
                servers.put(address, known);
            }
            return known;
        }
    }

    private SmbLogin login(ServerAddress address) throws IOException {
        Optional<String> account = Optional.ofNullable(Environment.text(user.orElse(null), USER_VARIABLE));
        if (account.isEmpty() || ticketCache.isPresent()) {
            return SmbLogin.byTicket(
                    ticketCache.isPresent() ? new Login.Ticket(ticketCache.get()) : new Login.Ticket());
        }
        Optional<char[]> found = HostPassword.find(passwordFile.orElse(null));
        char[] password = found.isPresent()
                ? found.get()
                : Passphrases.prompted("Password of " + account.get() + " on " + address + ": ")
                        .orElseThrow(() -> new UsageException("the account " + account.get() + " on " + address
                                + " needs a password, and there is no terminal to prompt on: set "
                                + HostPassword.FILE_VARIABLE + " or " + HostPassword.VARIABLE
                                + ", or give --smb-password-file to a command that has it"));
        try {
            return SmbLogin.byPassword(account.get(), password);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--smb-user: " + e.getMessage());
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (servers) {
            for (SmbServer server : servers.values()) {
                server.close();
            }
            servers.clear();
        }
    }
}
