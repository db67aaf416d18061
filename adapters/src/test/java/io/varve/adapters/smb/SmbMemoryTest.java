package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.smb.link.ServerAddress;
import io.varve.adapters.smb.link.Timings;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What is held after many connections to a real Samba. */
class SmbMemoryTest {
    private static final int CONNECTIONS = 20;

    /** Live objects of a class, after a collection. */
    private static long live(String name) throws JMException {
        String all = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return all.lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(words -> words.length >= 4 && words[3].equals(name))
                .mapToLong(words -> Long.parseLong(words[1]))
                .sum();
    }

    @Test
    void connectionsThatWereMadeAgainAreGivenBack() throws Exception {
        Timings timings = new Timings(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20));
        try (SambaServer samba = SambaServer.start();
                FaultyProxy proxy = new FaultyProxy(samba.port())) {
            Files.write(samba.folder().resolve("disk"), new byte[1 << 20]);
            SmbLogin login = SmbLogin.byPassword(SambaServer.USER, SambaServer.PASSWORD.toCharArray());
            try (SmbServer server = new SmbServer(new ServerAddress(samba.host(), proxy.port()), login, timings);
                    SmbSource source = SmbSource.open(server, new SmbPath(server.address(), "vm", List.of("disk")))) {
                long before = live("jcifs.smb.SmbTransportImpl");
                for (int i = 0; i < CONNECTIONS; i++) {
                    proxy.cut();
                    source.read(0, ByteBuffer.allocate(1 << 20));
                }
                long after = live("jcifs.smb.SmbTransportImpl");
                for (int i = 0; i < 50 && after > before + 2; i++) {
                    Thread.sleep(100); // threads of the last ones may still be ending
                    after = live("jcifs.smb.SmbTransportImpl");
                }
                assertTrue(server.dialect("vm").startsWith("3"));
                assertTrue(before > 0, "the histogram knows no connection");
                assertTrue(after <= before + 2, after + " connections are held, " + before + " before");
            }
        }
    }
}
