package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.SharedImages;
import io.varve.adapters.contract.SharedImages.Image;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real images of Windows and QEMU, against hashes on which independent readers agree. */
class SharedVhdTest {
    private static final int PIECE = 4 << 20;

    /** 127 GiB, all of them zeros: asked for and not hashed. */
    private static final String EMPTY = "qemu-iotests/hyperv2012r2-dynamic.vhd";

    @TempDir
    Path folder;

    private static List<Image> images() throws IOException {
        List<Image> images = SharedImages.all().stream()
                .filter(image -> image.type().startsWith("VHD "))
                .toList();
        assertTrue(images.size() >= 6, images.toString());
        for (Image image : images) {
            assertEquals("content", image.expect(), "a row that this test does not know what to do with");
        }
        return images;
    }

    private Path unpack(Image image) throws IOException {
        Path file = SharedImages.unpack(image, folder);
        if (!image.parent().equals("-")) {
            unpack(SharedImages.named(image.parent()));
        }
        return file;
    }

    @Test
    void contentIsWhatOthersRead() throws Exception {
        List<String> formats = new ArrayList<>();
        for (Image image : images()) {
            Path file = unpack(image);
            for (Reader reader : List.of(Reader.MAPPED, Reader.DIRECT)) {
                try (DiskImage disk = DiskImages.open(file, reader)) {
                    assertEquals(image.bytes(), disk.size(), image.file());
                    assertEquals("vhd-" + image.type().substring("VHD ".length()), disk.format(), image.file());
                    formats.add(disk.format());
                    if (image.file().equals(EMPTY)) {
                        assertTrue(disk.allocated(new Range(0, disk.size())).isEmpty());
                        assertEquals(hash(new byte[PIECE]), hash(part(disk, disk.size() - PIECE)));
                    } else {
                        assertEquals(image.contentHash(), hash(disk), image.file());
                    }
                }
            }
        }
        assertTrue(formats.containsAll(List.of("vhd-fixed", "vhd-dynamic", "vhd-differencing")), formats.toString());
    }

    private static byte[] part(DiskImage disk, long offset) throws IOException {
        ByteBuffer part = ByteBuffer.allocate(PIECE);
        disk.read(offset, part);
        return part.array();
    }

    private static String hash(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Reads every byte; what the disk calls unallocated must come out as zeros. */
    private static String hash(DiskImage disk) throws IOException, NoSuchAlgorithmException {
        byte[] content = new byte[(int) disk.size()];
        disk.read(0, ByteBuffer.wrap(content));
        byte[] zeros = new byte[content.length];
        Range whole = new Range(0, content.length);
        for (Range gap : RangeSet.of(whole).minus(disk.allocated(whole))) {
            int from = (int) gap.offset();
            int end = (int) gap.endOffset();
            assertEquals(-1, Arrays.mismatch(content, from, end, zeros, from, end), "data in " + gap);
        }
        return hash(content);
    }

    @Test
    void differencingAloneIsRefused() throws IOException {
        Image image = SharedImages.named("dfvfs/ntfs-differential.vhd");
        Path file = SharedImages.unpack(image, folder);
        IOException refusal = assertThrows(MissingParentException.class, () -> DiskImages.open(file, Reader.DIRECT));
        for (String part : List.of(
                "0092eae7-9384-4e95-a816-9572339be931",
                "ntfs-parent.vhd: no such file",
                "W2ku C:\\Projects\\dfvfs\\test_data\\ntfs-parent.vhd")) {
            assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        }
    }

    /** The id of the lineage is the base's, in the order of bytes that Windows prints. */
    @Test
    void identity() throws IOException {
        Path child = unpack(SharedImages.named("dfvfs/ntfs-differential.vhd"));
        UUID base = UUID.fromString("0092eae7-9384-4e95-a816-9572339be931");
        try (VhdChain chain = VhdChain.open(new LocalFile(child, Reader.DIRECT), ParentSearch.sameFolder())) {
            assertEquals(Optional.of(base), chain.guid());
            assertEquals(List.of(UUID.fromString("e2a42f72-c459-45c6-8456-ddb430ac4a19"), base), chain.uniqueIds());
        }
    }

    /** What Windows and QEMU wrote is what this program would have written. */
    @Test
    void geometryIsTheirs() throws IOException {
        for (Image image : images()) {
            Path file = SharedImages.unpack(image, folder);
            byte[] footer = new byte[512];
            try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
                in.seek(Files.size(file) - 512);
                in.readFully(footer);
            }
            int found = ByteBuffer.wrap(footer).getInt(56);
            assertEquals(
                    Integer.toHexString(found),
                    Integer.toHexString(Geometry.of(image.bytes()).code()),
                    image.file());
        }
    }

    @Test
    void lostFooterIsNoLossOfADynamicDisk() throws Exception {
        Image image = SharedImages.named("dissect/dynamic.vhd");
        Path file = SharedImages.unpack(image, folder);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(out.length() - 512);
        }
        try (DiskImage disk = DiskImages.open(file, Reader.DIRECT)) {
            assertEquals(image.contentHash(), hash(disk));
        }
    }
}
