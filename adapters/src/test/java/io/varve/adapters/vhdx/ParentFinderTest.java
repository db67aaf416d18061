package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.LocalFolder;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file is taken for the parent, and which never is. */
class ParentFinderTest {
    private static final int MIB = 1 << 20;
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

    /** DataWriteGuid number {@code number}. */
    private static byte[] guid(int number) {
        return ByteBuffer.allocate(16).putInt(12, number).putInt(0, 0xABCDEF01).array();
    }

    private static VhdxBuilder disk(int number) {
        VhdxBuilder builder = new VhdxBuilder(MIB, MIB);
        builder.dataWriteGuid = guid(number);
        return builder;
    }

    private static Path base(Path file, int number) throws IOException {
        byte[] block = new byte[MIB];
        block[0] = (byte) number;
        VhdxBuilder builder = disk(number);
        builder.present(0, block);
        return LayerModel.write(file, builder.build());
    }

    /** A child of the disk with DataWriteGuid 1. */
    private Path child(String... pairs) throws IOException {
        return LayerModel.write(
                home.resolve("child.avhdx"), disk(2).child(guid(1), pairs).build());
    }

    private static void found(Path parent, Path child, ParentSearch search) throws IOException {
        try (VhdxChain chain = VhdxChain.open(new LocalFile(child, Reader.DIRECT), search)) {
            assertEquals(List.of(child.toString(), parent.toRealPath().toString()), chain.locations());
            ByteBuffer one = ByteBuffer.allocate(1);
            chain.read(0, one);
            assertEquals(1, one.get(0));
        }
    }

    private static void refused(Class<? extends IOException> type, Path child, ParentSearch search, String... reasons) {
        IOException refusal = assertThrows(type, () -> VhdxChain.open(new LocalFile(child, Reader.DIRECT), search));
        for (String reason : reasons) {
            assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        }
    }

    private static void missing(Path child, ParentSearch search, String... reasons) {
        refused(MissingParentException.class, child, search, reasons);
    }

    @Test
    void inTheSameFolderOrBelow() throws IOException {
        Path parent = base(home.resolve("p.vhdx"), 1);
        found(parent, child("relative_path", ".\\p.vhdx"), ParentSearch.sameFolder());
        found(parent, child("relative_path", "P.VHDX"), ParentSearch.sameFolder());
        found(parent, child("relative_path", "x\\..\\p.vhdx"), ParentSearch.sameFolder());
        Path below = base(Files.createDirectory(home.resolve("x")).resolve("q.vhdx"), 1);
        found(below, child("relative_path", "x\\q.vhdx"), ParentSearch.sameFolder());
    }

    @Test
    void nameOfAPathThatIsNotFollowed() throws IOException {
        Path parent = base(home.resolve("p.vhdx"), 1);
        for (String path : new String[] {"\\\\server\\share\\p.vhdx", "C:\\x\\p.vhdx", "\\\\?\\Volume{1}\\p.vhdx"}) {
            found(parent, child("absolute_win32_path", path), ParentSearch.sameFolder());
        }
        found(parent, child("relative_path", "..\\gone\\p.vhdx"), ParentSearch.sameFolder());
    }

    @Test
    void outsideOnlyWhenAllowed() throws IOException {
        Path parent = base(other.resolve("p.vhdx"), 1);
        Path child = child("relative_path", "..\\other\\p.vhdx");
        missing(child, ParentSearch.sameFolder(), "leads outside the disk's folder", "--allow-parent-outside");
        found(parent, child, OUTSIDE);
        for (String path : new String[] {"\\\\localhost\\c$\\p.vhdx", "\\\\?\\UNC\\localhost\\p.vhdx"}) {
            missing(child("relative_path", path), OUTSIDE, "refused because it leads to another host");
        }
        missing(child("relative_path", "/dev/sda"), OUTSIDE, "begins at the root");
        missing(child("relative_path", "..\\..\\..\\..\\..\\..\\..\\..\\..\\..\\none"), OUTSIDE, "no such file");
    }

    @Test
    void linksOutOfTheFolder() throws IOException {
        Path parent = base(other.resolve("p.vhdx"), 1);
        try {
            Files.createSymbolicLink(home.resolve("p.vhdx"), parent);
            Files.createSymbolicLink(home.resolve("linked"), other);
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no symbolic links here: " + e);
        }
        missing(child("relative_path", "p.vhdx"), ParentSearch.sameFolder(), "is a link");
        found(parent, child("relative_path", "p.vhdx"), OUTSIDE);
        Files.delete(home.resolve("p.vhdx"));
        missing(child("relative_path", "linked\\p.vhdx"), ParentSearch.sameFolder(), "links lead out");
        found(parent, child("relative_path", "linked\\p.vhdx"), OUTSIDE);
    }

    @Test
    void movedAndRenamed() throws IOException {
        Path moved = base(other.resolve("p.vhdx"), 1);
        base(other.resolve("another.vhdx"), 7);
        Files.writeString(other.resolve("broken.vhdx"), "nothing");
        ParentSearch search = new ParentSearch(
                List.of(new LocalFolder(temp.resolve("gone"), Reader.DIRECT), new LocalFolder(other, Reader.DIRECT)),
                false);
        found(moved, child("relative_path", ".\\p.vhdx"), search);
        Path renamed = Files.move(moved, other.resolve("renamed.avhdx"));
        found(renamed, child("relative_path", ".\\p.vhdx"), search);
        found(renamed, child(), search);
        Files.delete(renamed);
        missing(
                child("relative_path", ".\\p.vhdx"),
                search,
                home.resolve("p.vhdx") + ": no such file",
                other.resolve("p.vhdx") + ": no such file",
                temp.resolve("gone") + ": cannot be listed",
                other + ": 2 VHDX files there, none of them the parent");
    }

    @Test
    void wrongParentIsNamed() throws IOException {
        Path parent = base(home.resolve("p.vhdx"), 3);
        missing(
                child("relative_path", "p.vhdx"),
                ParentSearch.sameFolder(),
                VhdxBuilder.guidText(guid(1)),
                parent + ": has DataWriteGuid " + VhdxBuilder.guidText(guid(3)));
        Files.writeString(parent, "no disk at all");
        missing(child("relative_path", "p.vhdx"), ParentSearch.sameFolder(), parent.toString(), "file identifier");
        missing(child(), ParentSearch.sameFolder(), "the disk names no path");
        // The right one is elsewhere: a stale path must not hide it.
        base(other.resolve("p.vhdx"), 1);
        base(parent, 3);
        found(
                other.resolve("p.vhdx"),
                child("relative_path", "p.vhdx"),
                new ParentSearch(List.of(new LocalFolder(other, Reader.DIRECT)), false));
    }

    @Test
    void linkages() throws IOException {
        Path parent = base(home.resolve("p.vhdx"), 1);
        String nil = "{00000000-0000-0000-0000-000000000000}";
        found(parent, child("relative_path", "p.vhdx", "parent_linkage2", nil), ParentSearch.sameFolder());
        VhdxBuilder merging = disk(2).child(
                        guid(9),
                        "relative_path",
                        "p.vhdx",
                        "parent_linkage2",
                        "{" + VhdxBuilder.guidText(guid(1)).toUpperCase(Locale.ROOT) + "}");
        found(parent, LayerModel.write(home.resolve("m.avhdx"), merging.build()), ParentSearch.sameFolder());
        VhdxBuilder none = disk(2).child(new byte[16], "relative_path", "p.vhdx");
        Path child = LayerModel.write(home.resolve("n.avhdx"), none.build());
        refused(CorruptDataException.class, child, OUTSIDE, "the nil GUID");
        refused(
                CorruptDataException.class,
                child("relative_path", "p.vhdx", "parent_linkage2", "1-1-1-1-1"),
                OUTSIDE,
                "a GUID as parent_linkage2");
    }

    @Test
    void locatorsThatAreNone() throws IOException {
        byte[] empty = new byte[20];
        VhdxBuilder unknown = disk(2).child(guid(1));
        unknown.items.put(VhdxBuilder.LOCATOR, new VhdxBuilder.Item(4, empty));
        Path child = LayerModel.write(home.resolve("u.avhdx"), unknown.build());
        refused(UnsupportedImageException.class, child, OUTSIDE, "locator of unknown type");
        byte[] known = empty.clone();
        System.arraycopy(HexFormat.of().parseHex(VhdxBuilder.LOCATOR_TYPE), 0, known, 0, 16);
        unknown.items.put(VhdxBuilder.LOCATOR, new VhdxBuilder.Item(4, known));
        LayerModel.write(child, unknown.build());
        refused(CorruptDataException.class, child, OUTSIDE, "a GUID as parent_linkage");
    }

    @Test
    void cycles() throws IOException {
        Path self = LayerModel.write(
                home.resolve("self.avhdx"),
                disk(5).child(guid(5), "relative_path", "self.avhdx").build());
        refused(CorruptDataException.class, self, OUTSIDE, "a cycle to " + self.toRealPath());
        Path a = LayerModel.write(
                home.resolve("a.avhdx"),
                disk(5).child(guid(6), "relative_path", "b.avhdx").build());
        Path b = LayerModel.write(
                home.resolve("b.avhdx"),
                disk(6).child(guid(5), "relative_path", "a.avhdx").build());
        refused(CorruptDataException.class, a, OUTSIDE, "a cycle to " + a.toRealPath());
        Path copy = Files.copy(a, home.resolve("copy.avhdx"));
        Files.delete(a);
        LayerModel.write(
                b, disk(6).child(guid(5), "relative_path", "copy.avhdx").build());
        refused(CorruptDataException.class, copy, OUTSIDE, "a cycle");
    }

    @Test
    void depth() throws IOException {
        base(home.resolve("0.vhdx"), 1000);
        Path leaf = null;
        for (int number = 1; number <= 256; number++) {
            leaf = LayerModel.write(
                    home.resolve(number + ".vhdx"),
                    disk(1000 + number)
                            .child(guid(999 + number), "relative_path", (number - 1) + ".vhdx")
                            .build());
        }
        try (VhdxChain chain =
                VhdxChain.open(new LocalFile(home.resolve("255.vhdx"), Reader.DIRECT), ParentSearch.sameFolder())) {
            assertEquals(256, chain.locations().size());
            ByteBuffer one = ByteBuffer.allocate(1);
            chain.read(0, one);
            assertEquals((byte) 1000, one.get(0));
        }
        refused(UnsupportedImageException.class, leaf, ParentSearch.sameFolder(), "at most 256 files");
    }

    @Test
    void sectorSizesMustBeEqual() throws IOException {
        base(home.resolve("p.vhdx"), 1);
        VhdxBuilder child = disk(2).child(guid(1), "relative_path", "p.vhdx");
        child.lss = 4096;
        Path file = LayerModel.write(home.resolve("c.avhdx"), child.build());
        refused(CorruptDataException.class, file, OUTSIDE, "logical sector size", "512", "found 4096");
    }

    @Test
    void damagedParentIsRefusedAndEverythingClosed() throws IOException {
        VhdxBuilder parent = disk(1);
        parent.state(0, 5);
        LayerModel.write(home.resolve("p.vhdx"), parent.build());
        Path child = child("relative_path", "p.vhdx");
        refused(
                CorruptDataException.class,
                child,
                OUTSIDE,
                home.resolve("p.vhdx").toString(),
                "block 0");
    }
}
