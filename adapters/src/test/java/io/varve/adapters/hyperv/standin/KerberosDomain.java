package io.varve.adapters.hyperv.standin;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.apache.kerby.kerberos.kerb.type.ticket.TgtTicket;

/**
 * A Kerberos realm on a port of this computer: a KDC that nobody here wrote, and its {@code krb5.conf}, which this Java
 * uses until {@link #close}.
 */
public final class KerberosDomain implements Closeable {
    public static final String REALM = "VARVE.TEST";
    public static final String USER = "backup@" + REALM;
    public static final String OTHER_USER = "other@" + REALM;

    /** Of both users. */
    public static final String PASSWORD = "sécret";

    /** A realm whose KDC does not answer. */
    public static final String DEAD_REALM = "DEAD.TEST";

    private static final String CONFIGURATION = "java.security.krb5.conf";
    private static final String HOST = "localhost";

    private final SimpleKdcServer kdc;
    private final Path folder;
    private final String before;

    private KerberosDomain(SimpleKdcServer kdc, Path folder) {
        this.kdc = kdc;
        this.folder = folder;
        this.before = System.getProperty(CONFIGURATION);
    }

    public static KerberosDomain start(Path temp) throws IOException {
        Path folder = Files.createTempDirectory(temp, "kdc");
        int port = freePort();
        try {
            SimpleKdcServer kdc = new SimpleKdcServer();
            kdc.setKdcRealm(REALM);
            kdc.setKdcHost("127.0.0.1");
            kdc.setKdcTcpPort(port);
            kdc.setAllowUdp(false);
            kdc.setWorkDir(folder.toFile());
            kdc.init();
            kdc.start();
            kdc.createPrincipal(USER, PASSWORD);
            kdc.createPrincipal(OTHER_USER, PASSWORD);
            kdc.createPrincipal(service(), "its own");
            kdc.createPrincipal("HTTP/impostor@" + REALM, "another");
            KerberosDomain domain = new KerberosDomain(kdc, folder);
            Files.writeString(folder.resolve("varve-krb5.conf"), configuration(port));
            System.setProperty(CONFIGURATION, folder.resolve("varve-krb5.conf").toString());
            return domain;
        } catch (KrbException e) {
            throw new IOException(e);
        }
    }

    private static String configuration(int port) throws IOException {
        return "[libdefaults]\n default_realm = " + REALM
                + "\n udp_preference_limit = 1\n dns_lookup_kdc = false\n dns_lookup_realm = false\n"
                + " kdc_timeout = 2000\n max_retries = 1\n"
                + "[realms]\n " + REALM + " = {\n  kdc = 127.0.0.1:" + port + "\n }\n "
                + DEAD_REALM + " = {\n  kdc = 127.0.0.1:" + freePort() + "\n }\n";
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String service() {
        return "HTTP/" + HOST + "@" + REALM;
    }

    /** What the stand-in host checks tickets with. */
    public NegotiateAcceptor host() throws IOException {
        return new NegotiateAcceptor(service(), hostKeytab());
    }

    /** The host's key. */
    public Path hostKeytab() throws IOException {
        return keytab(service(), "host.keytab");
    }

    /** A host with another key than the domain has for its name. */
    public NegotiateAcceptor impostor() throws IOException {
        String other = "HTTP/impostor@" + REALM;
        return new NegotiateAcceptor(other, keytab(other, "impostor.keytab"));
    }

    private Path keytab(String principal, String name) throws IOException {
        Path file = folder.resolve(name);
        try {
            kdc.exportPrincipal(principal, file.toFile());
        } catch (KrbException e) {
            throw new IOException(e);
        }
        return file;
    }

    /** What {@code kinit -c} writes; always the same file. */
    public Path ticketCache(String user) throws IOException {
        Path file = folder.resolve("cache");
        try {
            TgtTicket ticket = kdc.getKrbClient().requestTgt(user, PASSWORD);
            Files.deleteIfExists(file);
            kdc.getKrbClient().storeTicket(ticket, file.toFile());
        } catch (KrbException e) {
            throw new IOException(e);
        }
        return file;
    }

    /** The KDC's clock differs from everybody's, as far as it is concerned, or no longer. */
    public void refuseClocks(boolean refuse) {
        kdc.getKdcConfig().setLong(KdcConfigKey.ALLOWABLE_CLOCKSKEW, refuse ? -1L : 300L);
    }

    @Override
    public void close() throws IOException {
        if (before == null) {
            System.clearProperty(CONFIGURATION);
        } else {
            System.setProperty(CONFIGURATION, before);
        }
        try {
            kdc.stop();
        } catch (KrbException e) {
            throw new IOException(e);
        }
    }
}
