package io.varve.adapters.hyperv.wsman;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.standin.KerberosDomain;
import io.varve.adapters.hyperv.standin.NegotiateAcceptor;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.adapters.login.DomainAccount;
import io.varve.adapters.login.Login;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logons by Kerberos over HTTPS: tickets of a foreign KDC, the JDK's GSS on both sides. */
class KerberosTest {
    private static final String MACHINES = "SELECT * FROM Msvm_ComputerSystem";

    @TempDir
    private static Path shared;

    private static KerberosDomain domain;

    private NegotiateAcceptor acceptor;
    private WsManServer server;

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
        host.addMachine("web1");
        server = WsManServer.start(host, shared, 0);
        acceptor = domain.host();
        server.join(acceptor);
    }

    @AfterEach
    void stopHost() {
        server.close();
    }

    private WsMan connect(Login login) {
        return WsMan.connect(server.address(), login, Trust.pinned(server.fingerprint()));
    }

    private static Login.Domain account(String principal, String password) {
        return new Login.Domain(principal, password.toCharArray());
    }

    private String refusal(Login login) throws IOException {
        try (WsMan host = connect(login)) {
            return assertThrows(IOException.class, () -> host.query(MACHINES)).getMessage();
        }
    }

    private static void assertSays(String message, String... words) {
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    @Test
    void aPasswordGetsATicketAndEachRequestAFreshToken() throws IOException {
        char[] password = KerberosDomain.PASSWORD.toCharArray();
        try (WsMan host = connect(Login.byPassword("backup@varve.test", password))) {
            assertEquals(1, host.query(MACHINES).size());
            assertEquals(1, host.query(MACHINES).size());
        }
        assertEquals(List.of(KerberosDomain.USER, KerberosDomain.USER), acceptor.accounts());
        assertArrayEquals(new char[password.length], password, "the password was not wiped");
    }

    @Test
    void aTicketOfACacheDoes() throws IOException {
        try (WsMan host = connect(new Login.Ticket(domain.ticketCache(KerberosDomain.USER)))) {
            assertEquals(1, host.query(MACHINES).size());
        }
        assertEquals(List.of(KerberosDomain.USER), acceptor.accounts());
    }

    @Test
    void aMissingTicketIsSaid() throws IOException {
        Path none = shared.resolve("none");
        assertSays(
                refusal(new Login.Ticket(none)), "HTTP/localhost", "no usable ticket in " + none, "kinit", "KEYRING");
    }

    @Test
    void anEndedTicketIsSaid() throws IOException {
        Path cache = domain.ticketCache(KerberosDomain.USER);
        endTickets(cache, -7200);
        assertSays(refusal(new Login.Ticket(cache)), "or it has ended", "kinit");
    }

    @Test
    void aTicketThatIsAboutToEndIsReadAgain() throws IOException {
        Path cache = domain.ticketCache(KerberosDomain.USER);
        endTickets(cache, 120);
        try (WsMan host = connect(new Login.Ticket(cache))) {
            host.query(MACHINES);
            domain.ticketCache(KerberosDomain.OTHER_USER); // as if another kinit had run
            host.query(MACHINES);
            domain.ticketCache(KerberosDomain.USER);
            host.query(MACHINES);
        }
        List<String> fresh = List.of(KerberosDomain.USER, KerberosDomain.OTHER_USER, KerberosDomain.OTHER_USER);
        assertEquals(fresh, acceptor.accounts(), "read too seldom, or too often");
    }

    /** Times of a cache are four seconds-since-1970 in a row: logon, begin, end, renewable until. */
    private static void endTickets(Path cache, int fromNow) throws IOException {
        byte[] bytes = Files.readAllBytes(cache);
        ByteBuffer file = ByteBuffer.wrap(bytes);
        int now = (int) Instant.now().getEpochSecond();
        int wanted = now + fromNow;
        boolean found = false;
        for (int i = 0; i + 16 <= bytes.length; i++) {
            int logon = file.getInt(i);
            int end = file.getInt(i + 8);
            if (Math.abs(logon - now) < 3600 && end > now && end - now < 100_000) {
                file.putInt(i, wanted - 3600).putInt(i + 4, wanted - 3600).putInt(i + 8, wanted);
                found = true;
            }
        }
        assertTrue(found, "no times in the cache");
        Files.write(cache, bytes);
    }

    @Test
    void aWrongPasswordIsSaid() throws IOException {
        assertSays(refusal(account(KerberosDomain.USER, "wrong")), KerberosDomain.USER, "wrong password");
    }

    @Test
    void anUnknownAccountIsSaid() throws IOException {
        assertSays(refusal(account("nobody@" + KerberosDomain.REALM, "x")), "does not know the account");
    }

    @Test
    void anUnknownRealmIsSaid() throws IOException {
        assertSays(
                refusal(account("backup@OTHER.TEST", "x")),
                "OTHER.TEST",
                "realm or its KDC is unknown",
                System.getProperty("java.security.krb5.conf"));
    }

    @Test
    void aKdcThatDoesNotAnswerIsSaid() throws IOException {
        assertSays(refusal(account("backup@" + KerberosDomain.DEAD_REALM, "x")), "KDC does not answer", "port 88");
    }

    @Test
    void clocksThatDifferAreSaid() throws IOException {
        Path cache = domain.ticketCache(KerberosDomain.USER);
        domain.refuseClocks(true);
        try {
            assertSays(refusal(new Login.Ticket(cache)), "clocks differ too much");
        } finally {
            domain.refuseClocks(false);
        }
    }

    @Test
    void anUnknownHostIsSaid() throws IOException {
        Login login = account(KerberosDomain.USER, KerberosDomain.PASSWORD);
        try (WsMan host = WsMan.connect("hv9.varve.test", login, Trust.standard())) {
            String message =
                    assertThrows(IOException.class, () -> host.query(MACHINES)).getMessage();
            assertSays(message, "does not know the host", "HTTP/hv9.varve.test", "setspn");
        }
    }

    @Test
    void aHostByNumberIsRefused() {
        Login login = account(KerberosDomain.USER, "x");
        for (String number : List.of("192.0.2.1", "[2001:db8::1]:5986")) {
            IllegalArgumentException refused =
                    assertThrows(IllegalArgumentException.class, () -> WsMan.connect(number, login, Trust.standard()));
            assertSays(refused.getMessage(), "full name");
        }
    }

    @Test
    void aHostWithAnotherKeyRefuses() throws IOException {
        server.join(domain.impostor());
        try (WsMan host = connect(account(KerberosDomain.USER, KerberosDomain.PASSWORD))) {
            CimException refused = assertThrows(CimException.class, () -> host.query(MACHINES));
            assertEquals(CimException.Kind.DENIED, refused.kind());
            assertSays(refused.getMessage(), "refused the logon", "setspn -Q HTTP/localhost");
        }
    }

    @Test
    void aHostInADomainMayNotTakeBasic() throws IOException {
        String message = refusal(Login.byPassword(".\\backup", "x".toCharArray()));
        assertSays(message, "offers Negotiate, not Basic");
    }

    @Test
    void accountsAreWrittenAsInWindows() {
        assertEquals("backup@CORP.EXAMPLE.COM", principal("backup@corp.example.com"));
        assertEquals("backup@CORP.EXAMPLE.COM", principal("corp.example.com\\backup"));
        assertEquals("backup@" + KerberosDomain.REALM, principal("Varve\\backup"));
        assertTrue(DomainAccount.parse("backup").realm().isEmpty());
        for (String wrong : List.of("", "@x.y", "x@", "\\x", "x.y\\", "CORP\\backup")) {
            assertThrows(IllegalArgumentException.class, () -> DomainAccount.parse(wrong), wrong);
        }
    }

    private static String principal(String user) {
        DomainAccount account = DomainAccount.parse(user);
        return account.user() + "@" + account.realm().orElseThrow();
    }
}
