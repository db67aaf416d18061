package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.SharedImages;
import io.varve.adapters.contract.SharedImages.Image;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.read.VhdxDescription;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real images of many writers, against hashes on which independent readers agree. */
class SharedVhdxTest {
    private static final long PIECE = 4 << 20;

    /** Images of larger disks are for the longer tests: hashing GiB of zeros takes seconds each. */
    private static final long SMALL = 1L << 30;

    /**
     * 8 or 10 GiB each to hash. Three are of the same writer and the same shape as {@code lvm2}, one is the parent of
     * {@code differencing}; these two are always hashed.
     */
    private static final List<String> LARGE_AND_ALIKE = List.of(
            "discutils/swap.vhdx",
            "discutils/xfs.vhdx",
            "discutils/xfs5.vhdx",
            "dissect/Generation 1_49C4BAF3-4B25-4406-8C4B-D39E65C32385.avhdx");

    /** Set {@code VARVE_ALL_IMAGES} to hash these too. */
    private static final boolean HASH_ALL = System.getenv("VARVE_ALL_IMAGES") != null;

    @TempDir
    Path folder;

    private static List<Image> readable() throws IOException {
        return SharedImages.all().stream()
                .filter(image -> List.of("fixed", "dynamic", "differencing").contains(image.type()))
                .collect(Collectors.toList());
    }

    @Test
    void contentOfSmallDisksIsWhatOthersRead() throws Exception {
        contentIsWhatOthersRead(image -> image.bytes() <= SMALL, 10);
    }

    @Test
    @Tag("long")
    void contentOfLargeDisksIsWhatOthersRead() throws Exception {
        contentIsWhatOthersRead(image -> image.bytes() > SMALL, 2);
    }

    private void contentIsWhatOthersRead(Predicate<Image> wanted, int least) throws Exception {
        List<Image> images = readable().stream()
                .filter(image -> image.expect().equals("content"))
                .filter(wanted)
                .filter(image -> HASH_ALL || !LARGE_AND_ALIKE.contains(image.file()))
                .collect(Collectors.toList());
        assertTrue(images.size() >= least, "only " + images.size() + " images");
        // One image per core; hashing tens of GiB of zeros is what takes the time.
        List<String> wrong = images.parallelStream()
                .map(this::check)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toList());
        assertEquals(List.of(), wrong);
    }

    private String check(Image image) {
        try {
            Path own = folder.resolve(Integer.toHexString(image.file().hashCode()));
            Path file = SharedImages.unpack(image, own);
            for (Image child = image; !child.parent().equals("-"); ) {
                child = SharedImages.named(child.parent());
                SharedImages.unpack(child, own);
            }
            Reader reader = image.file().hashCode() % 2 == 0 ? Reader.MAPPED : Reader.DIRECT;
            try (DiskImage disk = VhdxChain.open(new LocalFile(file, reader), ParentSearch.sameFolder())) {
                if (disk.size() != image.bytes() || !disk.format().equals("vhdx-" + image.type())) {
                    return image + ": " + disk.format() + " of " + disk.size();
                }
                String found = hash(disk);
                return found.equals(image.contentHash()) ? "" : image + ": content " + found;
            } finally {
                Files.delete(file);
            }
        } catch (IOException | NoSuchAlgorithmException e) {
            return image + ": " + e;
        }
    }

    /** Reads every byte; what the disk calls unallocated must come out as zeros. */
    private static String hash(DiskImage disk) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        ByteBuffer piece = ByteBuffer.allocate((int) PIECE);
        byte[] zeros = new byte[(int) PIECE];
        for (long offset = 0; offset < disk.size(); offset += PIECE) {
            int length = (int) Math.min(PIECE, disk.size() - offset);
            disk.read(offset, piece.clear().limit(length));
            RangeSet allocated = disk.allocated(new Range(offset, length));
            for (Range gap : RangeSet.of(new Range(offset, length)).minus(allocated)) {
                int from = (int) (gap.offset() - offset);
                int gapLength = (int) gap.length();
                if (Arrays.mismatch(piece.array(), from, from + gapLength, zeros, 0, gapLength) >= 0) {
                    throw new IOException("data in " + gap + ", which is not allocated");
                }
            }
            digest.update(piece.array(), 0, length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void threePlacesOfTwoTebibytes() throws IOException {
        Image image = SharedImages.named("made-qemu/qemu-dynamic-32m-2t.vhdx");
        try (DiskImage disk = VhdxDisk.open(ByteSources.open(SharedImages.unpack(image, folder), Reader.DIRECT))) {
            assertEquals(image.bytes(), disk.size());
            place(disk, 0, 4096, 0x61);
            place(disk, 4294963200L, 8192, 0x63);
            place(disk, 2199023251456L, 4096, 0x62);
            RangeSet expected =
                    RangeSet.of(new Range(0, 4096), new Range(4294963200L, 8192), new Range(2199023251456L, 4096));
            RangeSet allocated = disk.allocated(new Range(0, disk.size()));
            assertEquals(RangeSet.empty(), expected.minus(allocated));
            assertTrue(allocated.totalLength() <= 5L * (32 << 20), allocated.toString());
        }
    }

    private static void place(DiskImage disk, long offset, int length, int value) throws IOException {
        byte[] expected = new byte[length];
        Arrays.fill(expected, (byte) value);
        ByteBuffer found = ByteBuffer.allocate(length);
        disk.read(offset, found);
        assertArrayEquals(expected, found.array(), "at " + offset);
    }

    @Test
    void differencingAloneIsRefused() throws IOException {
        Path file = SharedImages.unpack(SharedImages.named("dfvfs/ntfs-differential.vhdx"), folder);
        IOException missing = assertThrows(
                MissingParentException.class,
                () -> VhdxChain.open(new LocalFile(file, Reader.AUTO), ParentSearch.sameFolder()));
        assertTrue(missing.getMessage().contains(file.resolveSibling("ntfs-parent.vhdx") + ": no such file"));
        assertTrue(missing.getMessage().startsWith(file.toString()), missing.getMessage());
        try (ByteSource source = ByteSources.open(file, Reader.DIRECT)) {
            IOException refused = assertThrows(UnsupportedImageException.class, () -> VhdxDisk.open(source));
            assertTrue(refused.getMessage().contains("differencing disk"), refused.getMessage());
        }
    }

    @Test
    void soundImagesHaveNoProblems() throws IOException {
        for (Image image : readable()) {
            if (image.bytes() > 1L << 31 && image.log().equals("clean")) {
                continue;
            }
            Path file = SharedImages.unpack(image, folder);
            try (ByteSource source = ByteSources.open(file, Reader.DIRECT)) {
                List<VhdxDescription.Row> rows = VhdxDescription.of(source);
                assertTrue(rows.stream().noneMatch(VhdxDescription.Row::isProblem), rows.toString());
                assertTrue(
                        rows.stream()
                                .anyMatch(row -> row.field().equals("virtual disk size")
                                        && row.value().equals(image.size())),
                        rows.toString());
                assertTrue(
                        rows.stream()
                                .anyMatch(row -> row.field().equals("type")
                                        && row.value().equals(image.type())),
                        rows.toString());
            }
            Files.delete(file);
        }
    }
}
