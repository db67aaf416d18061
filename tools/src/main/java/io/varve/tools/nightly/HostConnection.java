package io.varve.tools.nightly;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.adapters.login.Login;
import io.varve.adapters.windows.GivenPath;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import io.varve.tools.option.HostPassword;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;

/** The connection to a host of a job file. */
final class HostConnection {
    private HostConnection() {}

    /**
     * Reads what the host's section names; the caller closes the connection. Nothing is sent yet.
     *
     * @throws SourceException when its password or authorities cannot be read
     */
    static HyperV open(Selection.Host host) throws IOException {
        try {
            return HyperVHosts.connect(host.address(), login(host), trust(host));
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException("host " + host.name() + ": " + Reason.of(e), e);
        }
    }

    private static Login login(Selection.Host host) throws IOException {
        if (host.user().isEmpty()) {
            return new Login.Ticket();
        }
        char[] password = HostPassword.find(
                        host.passwordFile().map(GivenPath::path).orElse(null))
                .orElseThrow(() -> new SourceException("host " + host.name() + ": user needs a password: give"
                        + " password-file, or set " + HostPassword.FILE_VARIABLE));
        try {
            return Login.byPassword(host.user().get(), password);
        } catch (IllegalArgumentException e) {
            throw new SourceException("host " + host.name() + ": " + e.getMessage(), e);
        }
    }

    private static Trust trust(Selection.Host host) throws IOException {
        if (host.fingerprint().isPresent()) {
            return Trust.pinned(host.fingerprint().get());
        }
        return host.caFile().isPresent() ? Trust.authorities(host.caFile().get().path()) : Trust.standard();
    }
}
