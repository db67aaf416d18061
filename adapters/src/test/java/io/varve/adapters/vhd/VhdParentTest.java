package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.LocalFolder;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file is taken for the parent of a VHD, and which never is. */
class VhdParentTest {
    private static final ParentSearch HERE = ParentSearch.sameFolder();
    private static final ParentSearch OUTSIDE = new ParentSearch(List.of(), true);

    @TempDir
    Path temp;

    private Path home;
    private Path other;

    @BeforeEach
    void folders() throws IOException {
        home = Files.createDirectories(temp.resolve("vm/disks"));
        other = Files.createDirectories(temp.resolve("vm/other"));
    }

    private static UUID id(int number) {
        return new UUID(0xABCDEFL, number);
    }

    private static Path base(Path file, int number) throws IOException {
        VhdBuilder builder = VhdBuilder.fixed(new byte[] {(byte) number, 0});
        builder.raw = new byte[4096];
        builder.raw[0] = (byte) number;
        builder.footerLie = footer -> footer.putLong(48, 4096);
        builder.id = id(number);
        return Files.write(file, builder.build());
    }

    private static VhdBuilder disk(int number, int parent, String... codesAndPaths) {
        VhdBuilder builder = new VhdBuilder(4096, 4096).child(id(parent), codesAndPaths);
        builder.id = id(number);
        return builder;
    }

    /** A child of disk 1. */
    private Path child(String... codesAndPaths) throws IOException {
        return Files.write(home.resolve("child.avhd"), disk(2, 1, codesAndPaths).build());
    }

    private static void found(Path parent, Path child, ParentSearch search) throws IOException {
        try (VhdChain chain = VhdChain.open(new LocalFile(child, Reader.DIRECT), search)) {
            assertEquals(List.of(child.toString(), parent.toRealPath().toString()), chain.locations());
            ByteBuffer one = ByteBuffer.allocate(1);
            chain.read(0, one);
            assertEquals(1, one.get(0));
        }
    }

    private static void refused(Class<? extends IOException> type, Path child, ParentSearch search, String... reasons) {
        IOException refusal = assertThrows(type, () -> VhdChain.open(new LocalFile(child, Reader.DIRECT), search));
        for (String reason : reasons) {
            assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        }
    }

    private static void missing(Path child, ParentSearch search, String... reasons) {
        refused(MissingParentException.class, child, search, reasons);
    }

    @Test
    void byEachOfTheThreeNames() throws IOException {
        Path parent = base(home.resolve("p.vhd"), 1);
        found(parent, child("W2ru", ".\\p.vhd"), HERE);
        found(parent, child("W2ru", "P.VHD"), HERE);
        found(parent, child("W2ku", "C:\\gone\\p.vhd"), HERE);
        found(parent, child("W2ku", "\\\\server\\share\\p.vhd"), HERE);
        found(parent, child("W2ru", "gone.vhd", "MacX", "file://x", "W2ru", "p.vhd\0\0rest"), HERE);
        for (String name : new String[] {"p.vhd", "D:\\vms\\p.vhd"}) {
            VhdBuilder named = disk(2, 1);
            named.parentName = name;
            found(parent, Files.write(home.resolve("n.avhd"), named.build()), HERE);
        }
    }

    @Test
    void otherLocatorsAreNotFollowed() throws IOException {
        base(home.resolve("p.vhd"), 1);
        for (String code : List.of("Wi2r", "Wi2k", "MacX", "Mac ", "w2ru")) {
            missing(child(code, "p.vhd"), HERE, "the disk names no path");
        }
        missing(child(), HERE, "unique id " + id(1), "the disk names no path");
    }

    @Test
    void outsideOnlyWhenAllowed() throws IOException {
        Path parent = base(other.resolve("p.vhd"), 1);
        Path child = child("W2ru", "..\\other\\p.vhd");
        missing(
                child,
                HERE,
                "W2ru ..\\other\\p.vhd: refused",
                "leads outside the disk's folder",
                "--allow-parent-outside");
        found(parent, child, OUTSIDE);
        missing(child("W2ku", "\\\\localhost\\c$\\p.vhd"), OUTSIDE, "leads to another host");
        missing(child("W2ru", "/dev/sda"), OUTSIDE, "begins at the root");
        missing(child("W2ru", "NUL"), OUTSIDE, "names a device");
    }

    @Test
    void linksOutOfTheFolder() throws IOException {
        Path parent = base(other.resolve("p.vhd"), 1);
        try {
            Files.createSymbolicLink(home.resolve("p.vhd"), parent);
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no symbolic links here: " + e);
        }
        missing(child("W2ru", "p.vhd"), HERE, "is a link");
        found(parent, child("W2ru", "p.vhd"), OUTSIDE);
    }

    @Test
    void movedAndRenamed() throws IOException {
        Path moved = base(other.resolve("p.vhd"), 1);
        base(other.resolve("another.vhd"), 7);
        Files.writeString(other.resolve("broken.vhd"), "nothing");
        // Not even looked at.
        Files.copy(moved, other.resolve("a.bin"));
        ParentSearch search = new ParentSearch(List.of(new LocalFolder(other, Reader.DIRECT)), false);
        found(moved, child("W2ru", ".\\p.vhd"), search);
        Path renamed = Files.move(moved, other.resolve("renamed.AVHD"));
        found(renamed, child("W2ru", ".\\p.vhd"), search);
        Files.delete(renamed);
        missing(child("W2ru", ".\\p.vhd"), search, other + ": 2 VHD files there, none of them the parent");
    }

    @Test
    void wrongParentIsNamed() throws IOException {
        Path parent = base(home.resolve("p.vhd"), 3);
        missing(child("W2ru", "p.vhd"), HERE, "unique id " + id(1), parent + ": has unique id " + id(3));
        Files.writeString(parent, "no disk at all");
        missing(child("W2ru", "p.vhd"), HERE, parent.toString(), "at least 512 bytes");
        Files.write(parent, new byte[4096]);
        missing(child("W2ru", "p.vhd"), HERE, "no \"conectix\"");
        base(other.resolve("p.vhd"), 1);
        found(
                other.resolve("p.vhd"),
                child("W2ru", "p.vhd"),
                new ParentSearch(List.of(new LocalFolder(other, Reader.DIRECT)), false));
    }

    /** Copying a file changes its time, and Windows stores the parent's. */
    @Test
    void timestampIsNotLookedAt() throws IOException {
        Path parent = base(home.resolve("p.vhd"), 1);
        VhdBuilder child = disk(2, 1, "W2ru", "p.vhd");
        child.headerLie = header -> header.putInt(56, 12345);
        found(parent, Files.write(home.resolve("t.avhd"), child.build()), HERE);
    }

    @Test
    void locatorsThatAreNone() throws IOException {
        base(home.resolve("p.vhd"), 1);
        int end = disk(2, 1, "W2ru", "p.vhd").build().length - 512;
        for (long offset : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1 << 20, end, end - 9}) {
            locatorLie("a path of 10 bytes inside the file", 592, 8, offset);
        }
        for (long length : new long[] {0xFFFF_FFFFL, 0x8000_0000L, 65538, 9}) {
            locatorLie("a path in UTF-16", 584, 4, length);
        }
        VhdBuilder surrogate = disk(2, 1);
        surrogate.locator("W2ru", new byte[] {0, (byte) 0xD8, 'a', 0, 10, 0});
        Path file = Files.write(home.resolve("s.avhd"), surrogate.build());
        missing(file, HERE, "characters that no file name has");
        VhdBuilder longest = disk(2, 1);
        longest.locator("W2ru", "x\\".repeat(16384).getBytes(StandardCharsets.UTF_16LE));
        missing(Files.write(home.resolve("l.avhd"), longest.build()), HERE, "found none");
    }

    private void locatorLie(String reason, int at, int size, long value) throws IOException {
        VhdBuilder child = disk(2, 1, "W2ru", "p.vhd");
        child.headerLie = header -> {
            if (size == 8) {
                header.putLong(at, value);
            } else {
                header.putInt(at, (int) value);
            }
        };
        Path file = Files.write(home.resolve("lie.avhd"), child.build());
        refused(CorruptDataException.class, file, HERE, reason, file.toString());
    }

    @Test
    void parentWithoutIdIsNone() throws IOException {
        VhdBuilder child = disk(2, 1, "W2ru", "p.vhd");
        child.parentId = new UUID(0, 0);
        Path file = Files.write(home.resolve("nil.avhd"), child.build());
        refused(CorruptDataException.class, file, HERE, "the nil GUID");
    }

    @Test
    void cycles() throws IOException {
        Path self = Files.write(
                home.resolve("self.avhd"), disk(5, 5, "W2ru", "self.avhd").build());
        refused(CorruptDataException.class, self, OUTSIDE, "a cycle to " + self.toRealPath());
        Path a =
                Files.write(home.resolve("a.avhd"), disk(5, 6, "W2ru", "b.avhd").build());
        Path b =
                Files.write(home.resolve("b.avhd"), disk(6, 5, "W2ru", "a.avhd").build());
        refused(CorruptDataException.class, a, OUTSIDE, "a cycle to " + a.toRealPath());
        Path copy = Files.copy(a, home.resolve("copy.avhd"));
        Files.delete(a);
        Files.write(b, disk(6, 5, "W2ru", "copy.avhd").build());
        refused(CorruptDataException.class, copy, OUTSIDE, "a cycle");
    }

    @Test
    void depth() throws IOException {
        VhdBuilder base = disk(1000, 0).block(0, new byte[] {77});
        base.type = VhdBuilder.DYNAMIC;
        Files.write(home.resolve("0.vhd"), base.build());
        Path leaf = null;
        for (int number = 1; number <= 256; number++) {
            leaf = Files.write(
                    home.resolve(number + ".vhd"),
                    disk(1000 + number, 999 + number, "W2ru", (number - 1) + ".vhd")
                            .build());
        }
        try (VhdChain chain = VhdChain.open(new LocalFile(home.resolve("255.vhd"), Reader.DIRECT), HERE)) {
            assertEquals(256, chain.locations().size());
            ByteBuffer one = ByteBuffer.allocate(1);
            chain.read(0, one);
            assertEquals(77, one.get(0));
        }
        refused(UnsupportedImageException.class, leaf, HERE, "at most 256 files");
    }

    @Test
    void damagedParentIsRefused() throws IOException {
        VhdBuilder parent = disk(1, 0);
        parent.type = VhdBuilder.DYNAMIC;
        parent.entries.put(0, 0);
        Path file = Files.write(home.resolve("p.vhd"), parent.build());
        refused(CorruptDataException.class, child("W2ru", "p.vhd"), OUTSIDE, file.toString(), "block 0");
    }
}
