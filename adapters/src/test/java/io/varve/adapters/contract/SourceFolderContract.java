package io.varve.adapters.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.engine.port.SourceFolder;
import io.varve.engine.port.SourceFolder.Lookup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link SourceFolder} keeps. */
public abstract class SourceFolderContract {
    private SourceFolder home;

    /** A folder {@code vm/home} in which, beside which and below which files can be made by {@link #make}. */
    protected abstract SourceFolder newFolder() throws IOException;

    /** @param path from {@code vm} on, with slashes; folders on the way are made */
    protected abstract void make(String path, String content) throws IOException;

    /** Whether two files whose names differ only in case can be in one folder. */
    protected boolean tellsCase() {
        return true;
    }

    @BeforeEach
    void files() throws IOException {
        home = newFolder();
        make("home/p.vhdx", "p");
        make("home/Mixed.vhdx", "mixed");
        make("home/sub/q.vhdx", "q");
        make("other/r.vhdx", "r");
    }

    private static String content(SourceFile file) throws IOException {
        try (ByteSource source = file.open()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) source.size());
            source.read(0, bytes);
            return new String(bytes.array(), StandardCharsets.US_ASCII);
        }
    }

    private static SourceFile found(Lookup lookup) {
        return assertInstanceOf(Lookup.Found.class, lookup, "" + lookup).file();
    }

    private void missing(List<String> names, boolean inside) {
        Lookup.Missing missing = assertInstanceOf(Lookup.Missing.class, home.find(names, inside), "" + names);
        assertTrue(missing.reason().contains(names.get(names.size() - 1)), missing.reason());
    }

    private void refused(List<String> names) {
        assertInstanceOf(Lookup.Refused.class, home.find(names, true), "" + names);
    }

    @Test
    void byName() throws IOException {
        for (boolean inside : new boolean[] {false, true}) {
            SourceFile file = found(home.find(List.of("p.vhdx"), inside));
            assertEquals("p.vhdx", file.name());
            assertTrue(file.location().contains("p.vhdx"), file.location());
            assertEquals("p", content(file));
            assertEquals("q", content(found(home.find(List.of("sub", "q.vhdx"), inside))));
            assertEquals("p", content(found(home.find(List.of("sub", "..", "p.vhdx"), inside))));
        }
    }

    @Test
    void whereCaseDiffersTheOnlyMatchCounts() throws IOException {
        assertEquals("mixed", content(found(home.find(List.of("MIXED.VHDX"), true))));
        if (!tellsCase()) {
            return;
        }
        make("home/mixed.vhdx", "other");
        assertEquals("mixed", content(found(home.find(List.of("Mixed.vhdx"), true))));
        if (content(found(home.find(List.of("mixed.vhdx"), true))).equals("other")) {
            missing(List.of("MIXED.VHDX"), true); // one of two, and no telling which
        }
    }

    @Test
    void whatIsNotThere() {
        missing(List.of("none.vhdx"), true);
        missing(List.of("none.vhdx"), false);
        missing(List.of("none", "p.vhdx"), true);
        missing(List.of("sub"), true); // a folder is no file
        missing(List.of("p.vhdx", "q.vhdx"), true); // and a file no folder
        missing(List.of("a\0b"), true);
        missing(List.of("..", "..", "..", "..", "..", "..", "..", "..", "..", "..", "none"), false);
    }

    @Test
    void outOnlyWhenAllowed() throws IOException {
        refused(List.of("..", "other", "r.vhdx"));
        refused(List.of("sub", "..", "..", "other", "r.vhdx"));
        refused(List.of("..", "..", "..", "..", "..", "..", "..", "..", "..", "..", "none"));
        assertEquals("r", content(found(home.find(List.of("..", "other", "r.vhdx"), false))));
    }

    @Test
    void otherHosts() {
        assertInstanceOf(Lookup.Refused.class, home.findOnShare("server", "share", List.of("p.vhdx"), false));
    }

    @Test
    void identities() throws IOException {
        SourceFile file = found(home.find(List.of("p.vhdx"), true));
        assertEquals(
                file.identity(),
                found(home.find(List.of("sub", "..", "P.VHDX"), true)).identity());
        assertNotEquals(
                file.identity(),
                found(home.find(List.of("sub", "q.vhdx"), true)).identity());
    }

    @Test
    void aFileKnowsItsFolder() throws IOException {
        SourceFile file = found(home.find(List.of("sub", "q.vhdx"), true));
        SourceFolder sub = file.folder();
        assertEquals(file.identity(), found(sub.find(List.of("q.vhdx"), true)).identity());
        assertInstanceOf(Lookup.Refused.class, sub.find(List.of("..", "p.vhdx"), true));
        assertEquals("p", content(found(sub.find(List.of("..", "p.vhdx"), false))));
    }

    @Test
    void listed() throws IOException {
        assertEquals(
                List.of("Mixed.vhdx", "p.vhdx"),
                home.list().stream().map(SourceFile::name).toList());
        assertEquals("p", content(home.list().get(1)));
    }
}
