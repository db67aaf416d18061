package io.varve.store.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.store.chunk.Lz4;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uses the cache directory of the tests; no library is loaded out of the one that is tampered with here. */
class UnpackedLibraryTest {
    private static final String NAME = "net/jpountz/util/linux/s390x/liblz4-java.so";

    private Path file;

    @BeforeEach
    void unpack() throws IOException {
        assumeTrue(
                Path.of("").getFileSystem().supportedFileAttributeViews().contains("unix"), "skipped: no modes here");
        file = UnpackedLibrary.of(LZ4Factory.class, NAME, "liblz4-java.so");
    }

    @AfterEach
    void restore() throws IOException {
        if (file != null) {
            Files.setAttribute(file.getParent().getParent(), "unix:mode", 0700);
            Files.setAttribute(file.getParent(), "unix:mode", 0700);
        }
    }

    private static byte[] inJar() throws IOException {
        try (InputStream in = LZ4Factory.class.getClassLoader().getResourceAsStream(NAME)) {
            return in.readAllBytes();
        }
    }

    private Path again() throws IOException {
        return UnpackedLibrary.of(LZ4Factory.class, NAME, "liblz4-java.so");
    }

    @Test
    void itIsUnpackedOnceForItsOwnerAlone() throws IOException {
        assertArrayEquals(inJar(), Files.readAllBytes(file));
        Object inode = Files.getAttribute(file, "unix:ino");
        assertEquals(file, again());
        assertEquals(inode, Files.getAttribute(file, "unix:ino"));
        assertEquals(0, (Integer) Files.getAttribute(file, "unix:mode") & 0077);
        assertEquals(0, (Integer) Files.getAttribute(file.getParent(), "unix:mode") & 0077);
    }

    /** The same size, the same times: neither is trusted. */
    @Test
    void anotherContentIsReplaced() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        byte[] other = Files.readAllBytes(file);
        other[other.length / 2] ^= 1;
        Files.write(file, other);
        Files.setLastModifiedTime(file, time);
        again();
        assertArrayEquals(inJar(), Files.readAllBytes(file));
    }

    /** The CRC of the jar can be had with any content: only what was compared byte by byte is taken by it. */
    @Test
    void theSameCrcIsNotTheSameContent() throws IOException {
        // Flipped bits that cancel out: the generator polynomial of CRC-32, which has 33.
        long polynomial = 0x1DB710641L; // lowest power last, as bits go through it
        byte[] sound = inJar();
        for (int bit = 0; bit < 33; bit++) {
            if ((polynomial >>> bit & 1) == 1) {
                sound[100 + bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
        java.util.zip.CRC32 a = new java.util.zip.CRC32();
        a.update(sound);
        java.util.zip.CRC32 b = new java.util.zip.CRC32();
        b.update(inJar());
        assertEquals(b.getValue(), a.getValue(), "the test's own forgery");
        Path replaced = Files.write(file.resolveSibling("other"), sound);
        Files.setAttribute(replaced, "unix:mode", 0600);
        Files.move(replaced, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        again();
        assertArrayEquals(inJar(), Files.readAllBytes(file));
    }

    @Test
    void aFileThatOthersCanWriteOrHaveANameForIsReplaced() throws IOException {
        Files.setAttribute(file, "unix:mode", 0666);
        again();
        assertEquals(0, (Integer) Files.getAttribute(file, "unix:mode") & 0077);
        Path second = Files.createLink(file.resolveSibling("second"), file);
        again();
        assertEquals(1, Files.getAttribute(file, "unix:nlink"));
        Files.delete(second);
        Path elsewhere = Files.move(file, file.resolveSibling("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);
        again();
        assertFalse(Files.isSymbolicLink(file));
        Files.delete(elsewhere);
    }

    @Test
    void aDirectoryThatOthersCanEnterIsRefused() throws IOException {
        for (Path directory : new Path[] {file.getParent(), file.getParent().getParent()}) {
            Files.setAttribute(directory, "unix:mode", 0777);
            UntrustedDirectoryException e = assertThrows(UntrustedDirectoryException.class, this::again);
            assertTrue(
                    e.getMessage().contains(directory.toString())
                            && e.getMessage().contains("VARVE_CACHE"),
                    e + "");
            Files.setAttribute(directory, "unix:mode", 0700);
        }
        again();
        Path directory = file.getParent();
        Path aside = Files.move(directory, directory.resolveSibling("aside"));
        try {
            Files.createSymbolicLink(directory, aside);
            assertThrows(UntrustedDirectoryException.class, this::again);
        } finally {
            Files.delete(directory);
            Files.move(aside, directory);
        }
        if (Files.getAttribute(directory, "unix:uid").equals(0)) { // only root can give something away
            Files.setAttribute(directory, "unix:uid", 65534);
            assertThrows(UntrustedDirectoryException.class, this::again);
            Files.setAttribute(directory, "unix:uid", 0);
        }
    }

    /** What is unpacked here must also be what is loaded, and nothing from anywhere else. */
    @Test
    void librariesAreLoadedFromHereAlone() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        assumeTrue(Files.exists(maps), "skipped: only Linux tells what is loaded");
        assertTrue(Lz4.isNative());
        String directory = file.getParent().getParent().toRealPath().toString();
        for (String library : new String[] {"lz4-java"}) {
            var loaded = Files.readAllLines(maps).stream()
                    .filter(line -> line.contains(library))
                    .toList();
            assertFalse(loaded.isEmpty(), library);
            loaded.forEach(line -> assertTrue(line.contains(directory), line));
        }
    }
}
