package io.varve.adapters.smb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.varve.adapters.contract.SourceFolderContract;
import io.varve.engine.port.SourceFolder;
import io.varve.engine.port.SourceFolder.Lookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Folders on a real Samba. */
class SmbFolderTest extends SourceFolderContract {
    private static SambaServer samba;
    private static SmbServer server;
    private static int round;

    private String top;

    @BeforeAll
    static void start() throws Exception {
        samba = SambaServer.start(List.of(), List.of("[second]", "path = HOME/vm"));
        server = SmbTests.server(samba);
    }

    @AfterAll
    static void stop() throws IOException {
        if (samba != null) {
            server.close();
            samba.close();
        }
    }

    @Override
    protected SourceFolder newFolder() throws IOException {
        top = "vm" + round++;
        Files.createDirectories(samba.folder().resolve(top).resolve("home"));
        return new SmbFolder(server, new SmbPath(server.address(), "vm", List.of(top, "home")));
    }

    @Override
    protected void make(String path, String content) throws IOException {
        Path file = samba.folder().resolve(top).resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** SMB does not: the server looks for names without regard to case. */
    @Override
    protected boolean tellsCase() {
        return false;
    }

    @Test
    void otherSharesOfTheServer() throws IOException {
        SourceFolder home = newFolder();
        make("home/p.vhdx", "p");
        Lookup found = home.findOnShare("127.0.0.1", "second", List.of(top, "home", "p.vhdx"), false);
        assertEquals(
                assertInstanceOf(Lookup.Found.class, home.find(List.of("p.vhdx"), true))
                        .file()
                        .identity(),
                assertInstanceOf(Lookup.Found.class, found).file().identity());
        assertInstanceOf(
                Lookup.Refused.class, home.findOnShare("127.0.0.1", "second", List.of(top, "home", "p.vhdx"), true));
        assertInstanceOf(Lookup.Found.class, home.findOnShare("127.0.0.1", "VM", List.of(top, "home", "p.vhdx"), true));
        assertInstanceOf(Lookup.Refused.class, home.findOnDrive("D", List.of("p.vhdx"), false));
    }

    @Test
    void patternsAreNoNames() throws IOException {
        SourceFolder home = newFolder();
        make("home/p.vhdx", "p");
        assertInstanceOf(Lookup.Missing.class, home.find(List.of("*"), true));
        assertInstanceOf(Lookup.Missing.class, home.find(List.of("?.vhdx"), true));
        assertInstanceOf(Lookup.Missing.class, home.find(List.of("sub\\p.vhdx"), true));
    }
}
