package io.varve.adapters.smb;

import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.Timings;
import io.varve.adapters.smb.wire.Create;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What tests with Samba have in common. */
final class SmbTests {
    static final Timings TIMINGS = new Timings(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20));

    private SmbTests() {}

    static SmbServer server(SambaServer samba) {
        SmbLogin login = SmbLogin.byPassword(SambaServer.USER, SambaServer.PASSWORD.toCharArray());
        return new SmbServer(new ServerAddress(samba.host(), samba.port()), login, TIMINGS);
    }

    /** As a running machine has its disk open. */
    static RemoteFile openToWrite(SmbServer server, SmbPath path) throws IOException {
        int access = Create.READ_DATA | Create.WRITE_DATA | Create.WRITE_ATTRIBUTES;
        Create create = new Create(path.onShare(), access, Create.SHARE_READ, Create.OPEN, 0, 0, List.of());
        return RemoteFile.open(server, path, create, RemoteFile.Return.NEVER);
    }
}
