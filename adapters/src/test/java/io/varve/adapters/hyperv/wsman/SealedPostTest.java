package io.varve.adapters.hyperv.wsman;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.standin.KerberosDomain;
import io.varve.adapters.hyperv.standin.NegotiateAcceptor;
import io.varve.adapters.hyperv.standin.SealedWsManServer;
import io.varve.adapters.hyperv.standin.SealedWsManServer.Mischief;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.login.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WS-Management over HTTP with messages that Kerberos seals. */
class SealedPostTest {
    private static final String MACHINES = "SELECT * FROM Msvm_ComputerSystem";

    @TempDir
    private static Path shared;

    private static KerberosDomain domain;

    private NegotiateAcceptor acceptor;
    private SealedWsManServer server;

    @BeforeAll
    static void startDomain() throws IOException {
        domain = KerberosDomain.start(shared);
    }

    @AfterAll
    static void stopDomain() throws IOException {
        domain.close();
    }

    @BeforeEach
    void startHost() throws IOException {
        Path folder = Files.createTempDirectory(shared, "host");
        StandInHost host = new StandInHost(Files.createDirectories(folder.resolve("drive")));
        for (int i = 0; i < 5; i++) {
            host.addMachine("ä machine " + i);
        }
        acceptor = domain.host();
        server = SealedWsManServer.start(host, acceptor);
    }

    @AfterEach
    void stopHost() throws IOException {
        server.close();
        assertEquals(List.of(), server.violations());
    }

    private WsMan connect() {
        return WsMan.connect(
                server.address(),
                new Login.Domain(KerberosDomain.USER, KerberosDomain.PASSWORD.toCharArray()),
                Trust.standard());
    }

    @Test
    void manyRequestsTravelOnOneConnection() throws IOException {
        try (WsMan host = connect()) {
            assertEquals(5, host.query(MACHINES).size());
            assertEquals(5, host.query(MACHINES).size());
        }
        assertEquals(1, server.connectionCount());
        assertEquals(List.of(KerberosDomain.USER), acceptor.accounts());
    }

    @Test
    void faultsAreSealedToo() throws IOException {
        try (WsMan host = connect()) {
            CimPath none = new CimPath("Msvm_ComputerSystem", Map.of("Name", "none"));
            assertTrue(host.find(none).isEmpty());
            assertEquals(5, host.query(MACHINES).size());
        }
    }

    @Test
    void anotherConnectionIsMadeWhereTheHostClosesOne() throws IOException {
        server.begin(Mischief.CLOSES);
        try (WsMan host = connect()) {
            assertEquals(5, host.query(MACHINES).size());
        }
        assertEquals(3, server.connectionCount());
    }

    @Test
    void aForgottenLogonIsMadeAgain() throws IOException {
        server.begin(Mischief.FORGETS);
        try (WsMan host = connect()) {
            assertEquals(5, host.query(MACHINES).size());
        }
        assertEquals(3, acceptor.accounts().size());
    }

    @Test
    void aHostThatProvesNothingGetsNoRequest() throws IOException {
        assertRefused(Mischief.NO_PROOF, "");
    }

    @Test
    void aPlainAnswerIsNotRead() throws IOException {
        assertRefused(Mischief.PLAIN, "expected a sealed answer");
    }

    @Test
    void aChangedAnswerIsNotRead() throws IOException {
        assertRefused(Mischief.FLIPPED, "the seal of an answer does not fit");
    }

    @Test
    void anAnswerOfAnotherLengthIsNotRead() throws IOException {
        assertRefused(Mischief.LENGTH, "longer than it says");
    }

    @Test
    void halfAnAnswerIsNotRead() throws IOException {
        assertRefused(Mischief.HALF, "the connection ended after");
    }

    @Test
    void anOldAnswerIsNotRead() throws IOException {
        server.begin(Mischief.REPLAYED);
        try (WsMan host = connect()) {
            String message =
                    assertThrows(IOException.class, () -> host.query(MACHINES)).getMessage();
            assertTrue(message.contains("not in its turn"), message);
        }
    }

    /** After a failure everything begins anew: the next request works. */
    private void assertRefused(Mischief mischief, String words) throws IOException {
        server.begin(mischief);
        try (WsMan host = connect()) {
            String message =
                    assertThrows(IOException.class, () -> host.query(MACHINES)).getMessage();
            assertTrue(message.contains(words) && message.contains("localhost"), message);
            server.begin(Mischief.NONE);
            assertEquals(5, host.query(MACHINES).size());
        }
    }

    @Test
    void aHostWithAnotherKeyRefuses() throws IOException {
        server.close();
        server = SealedWsManServer.start(new StandInHost(shared), domain.impostor());
        try (WsMan host = connect()) {
            CimException refused = assertThrows(CimException.class, () -> host.query(MACHINES));
            assertEquals(CimException.Kind.DENIED, refused.kind());
        }
    }

    @Test
    void aPasswordIsNeverSentAsItIs() {
        Login basic = new Login.Basic("backup", "secret".toCharArray());
        String message = assertThrows(
                        IllegalArgumentException.class, () -> WsMan.connect(server.address(), basic, Trust.standard()))
                .getMessage();
        assertTrue(message.contains("only over HTTPS"), message);
        assertEquals(0, server.connectionCount());
    }

    @Test
    void thePasswordIsWiped() throws IOException {
        char[] password = KerberosDomain.PASSWORD.toCharArray();
        try (WsMan host =
                WsMan.connect(server.address(), new Login.Domain(KerberosDomain.USER, password), Trust.standard())) {
            host.query(MACHINES);
        }
        assertArrayEquals(new char[password.length], password);
    }
}
