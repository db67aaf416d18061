package io.varve.adapters.smb.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.smb.SambaServer;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.Created;
import io.varve.adapters.smb.wire.OpenFile;
import io.varve.adapters.smb.wire.Reply;
import io.varve.adapters.smb.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import jcifs.Credentials;
import jcifs.smb.NtlmPasswordAuthenticator;
import org.junit.jupiter.api.Test;

/** A signed connection to a real Samba. */
class LinkTest {
    private static final Timings TIMINGS =
            new Timings(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static Link open(SambaServer server, String password, String share) throws IOException {
        Credentials credentials = new NtlmPasswordAuthenticator("", SambaServer.USER, password);
        return Link.open(
                new ServerAddress(server.host(), server.port()), credentials, SambaServer.USER, share, TIMINGS);
    }

    private static void readsSigned(String dialect, String... settings) throws Exception {
        try (SambaServer server = SambaServer.start(settings);
                Link link = open(server, SambaServer.PASSWORD, "vm")) {
            assertEquals(dialect, link.dialect());
            byte[] content = new byte[3 << 20];
            new SplittableRandom(1).nextBytes(content);
            Files.write(server.folder().resolve("disk"), content);
            int tree = link.tree("vm").tree();
            Create create = new Create("disk", Create.READ_DATA, Create.SHARE_READ, Create.OPEN, 0, 0, List.of());
            Created file = link.send(tree, create.request(), Created::decode);
            assertEquals(content.length, file.facts().size());
            assertEquals(1 << 20, link.mostRead());
            for (int offset = 0; offset < content.length; offset += 1 << 20) {
                Request read = OpenFile.read(file.file(), offset, 1 << 20, 1 << 20);
                byte[] found = link.send(tree, read, reply -> {
                    ByteBuffer data = OpenFile.readData(reply, 1 << 20);
                    byte[] bytes = new byte[data.remaining()];
                    data.get(bytes);
                    return bytes;
                });
                assertTrue(Arrays.equals(found, 0, 1 << 20, content, offset, offset + (1 << 20)), "at " + offset);
            }
            int closed = link.send(tree, OpenFile.close(file.file()), Reply::status);
            assertEquals(0, closed);
        }
    }

    @Test
    void readsAMegabyteAtOnceWithSmb311() throws Exception {
        readsSigned("3.1.1");
    }

    @Test
    void readsAMegabyteAtOnceWithSmb302() throws Exception {
        readsSigned("3.0.2", "server max protocol = SMB3_02");
    }

    private static String refusal(Class<? extends IOException> type, String password, String share, String... settings)
            throws Exception {
        try (SambaServer server = SambaServer.start(settings)) {
            return assertThrows(type, () -> open(server, password, share)).getMessage();
        }
    }

    @Test
    void wrongPassword() throws Exception {
        String message = refusal(StatusException.class, "wrong", "vm");
        assertTrue(message.contains("STATUS_LOGON_FAILURE") && message.contains(SambaServer.USER), message);
    }

    @Test
    void missingShare() throws Exception {
        String message = refusal(StatusException.class, SambaServer.PASSWORD, "none");
        assertTrue(message.contains("STATUS_BAD_NETWORK_NAME") && message.contains("/none"), message);
    }

    @Test
    void aServerThatWantsEncryption() throws Exception {
        String message = refusal(IOException.class, SambaServer.PASSWORD, "vm", "server smb encrypt = required");
        assertTrue(message.contains("encryption"), message);
    }

    @Test
    void anOldServer() throws Exception {
        String message = refusal(IOException.class, SambaServer.PASSWORD, "vm", "server max protocol = SMB2_10");
        assertTrue(message.contains("neither SMB 3.1.1 nor 3.0.2"), message);
    }

    /** A file server of a cluster has an address for each node. */
    @Test
    void theNextAddressIsTriedWhereNobodyAnswers() throws Exception {
        try (SambaServer server = SambaServer.start()) {
            Credentials credentials = new NtlmPasswordAuthenticator("", SambaServer.USER, SambaServer.PASSWORD);
            ServerAddress address = new ServerAddress(server.host(), server.port());
            List<InetAddress> found = List.of(
                    InetAddress.getByAddress(new byte[] {127, 0, 0, 2}),
                    InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
            try (Link link = Link.open(found, address, credentials, SambaServer.USER, "vm", TIMINGS)) {
                assertEquals("3.1.1", link.dialect());
            }
            List<InetAddress> nobody = found.subList(0, 1);
            assertThrows(
                    LinkLostException.class,
                    () -> Link.open(nobody, address, credentials, SambaServer.USER, "vm", TIMINGS));
        }
    }

    @Test
    void nobodyIsThere() {
        ServerAddress nobody = new ServerAddress("127.0.0.1", 1);
        Credentials credentials = new NtlmPasswordAuthenticator("", "somebody", "x");
        assertThrows(LinkLostException.class, () -> Link.open(nobody, credentials, "somebody", "vm", TIMINGS));
    }
}
