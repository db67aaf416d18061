package io.varve.adapters.hyperv.wsman;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.adapters.contract.Program;
import io.varve.adapters.hyperv.standin.KerberosDomain;
import io.varve.adapters.login.Login;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.MessageProp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MIT Kerberos judges: it lets the account in, opens what Varve sealed, and seals answers. */
class MitKerberosTest {
    /** That of the system: Debian's packages belong to it. */
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir
    private Path temp;

    @Test
    void whatVarveSealsIsOpenedAndTheOtherWayRound() throws IOException, GSSException {
        boolean isThere = Program.run(PYTHON, "-c", "import gssapi").exitCode() == 0;
        assumeTrue(isThere, "SKIPPED: no MIT Kerberos for Python (apt-get install python3-gssapi)");
        try (KerberosDomain domain = KerberosDomain.start(temp);
                Kerberos kerberos = new Kerberos(
                        new Login.Domain(KerberosDomain.USER, KerberosDomain.PASSWORD.toCharArray()),
                        HostAddress.parse("http://localhost"))) {
            Process host = host(domain);
            try (Writer to = host.outputWriter();
                    BufferedReader from = host.inputReader()) {
                GSSContext context = SealedPost.begin(kerberos);
                byte[] answer = ask(to, from, kerberos.as(() -> context.initSecContext(new byte[0], 0, 0)));
                kerberos.as(() -> context.initSecContext(answer, 0, answer.length));
                assertTrue(context.isEstablished() && context.getMutualAuthState() && context.getConfState());
                for (int length : new int[] {0, 1, 15, 16, 17, 100_000}) {
                    exchange(context, to, from, "ä".repeat(length).getBytes(StandardCharsets.UTF_8));
                }
            } finally {
                host.destroy();
            }
        }
    }

    private Process host(KerberosDomain domain) throws IOException {
        Path script = temp.resolve("mit-acceptor.py");
        try (InputStream in = MitKerberosTest.class.getResourceAsStream("/mit-acceptor.py")) {
            Files.copy(in, script);
        }
        ProcessBuilder builder = new ProcessBuilder(PYTHON, script.toString());
        builder.environment()
                .putAll(Map.of(
                        "KRB5_KTNAME", domain.hostKeytab().toString(),
                        "KRB5_CONFIG", System.getProperty("java.security.krb5.conf"),
                        "KRB5RCACHENAME", "file2:" + temp.resolve("rcache")));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static byte[] ask(Writer to, BufferedReader from, byte[] token) throws IOException {
        to.write(Base64.getEncoder().encodeToString(token) + "\n");
        to.flush();
        return answer(from);
    }

    private static byte[] answer(BufferedReader from) throws IOException {
        String line = from.readLine();
        assertTrue(line != null, "the judge has ended");
        return Base64.getDecoder().decode(line);
    }

    private static void exchange(GSSContext context, Writer to, BufferedReader from, byte[] plain)
            throws IOException, GSSException {
        byte[] body = SealedBody.of(context.wrap(plain, 0, plain.length, new MessageProp(0, true)), plain.length);
        byte[] opened = ask(to, from, SealedBody.parse(body).token());
        assertEquals("sealed " + new String(plain, StandardCharsets.UTF_8), new String(opened, StandardCharsets.UTF_8));
        byte[] sealed = answer(from);
        MessageProp found = new MessageProp(0, false);
        assertArrayEquals(plain, context.unwrap(sealed, 0, sealed.length, found));
        assertTrue(found.getPrivacy() && !found.isGapToken() && !found.isUnseqToken());
    }
}
