package io.varve.adapters.vhd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.DiskImageContract;
import io.varve.adapters.contract.Program;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chains made by hand: what a layer holds, what it hides, what it leaves to its parent. */
class VhdChainTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private static VhdChain open(Path leaf) throws IOException {
        return VhdChain.open(new LocalFile(leaf, Reader.AUTO), ParentSearch.sameFolder());
    }

    private static byte[] content(DiskImage disk) throws IOException {
        ByteBuffer all = ByteBuffer.allocate((int) disk.size());
        disk.read(0, all);
        return all.array();
    }

    /** Sizes and block sizes change from layer to layer; bitmaps have from one bit to more than a sector. */
    @Test
    void tenLayersAgainstANaiveModel() throws IOException {
        long seed = System.nanoTime();
        for (int round = 0; round < 12; round++) {
            SplittableRandom random = new SplittableRandom(seed + round);
            List<LayerModel> models = new ArrayList<>();
            for (int number = 0; number < 10; number++) {
                LayerModel parent = number == 0 ? null : models.get(number - 1);
                int size =
                        parent != null && random.nextBoolean() ? parent.content.length : 512 * random.nextInt(1, 3000);
                int blockSize = 512 << random.nextInt(14);
                Path file = folder.resolve("layer" + number + (number == 0 ? ".vhd" : ".avhd"));
                models.add(LayerModel.random(random, parent, size, blockSize, file));
                String label = "seed " + seed + " round " + round + ", layer " + number;
                try (VhdChain chain = open(file)) {
                    assertEquals(number > 0, chain.format().equals("vhd-differencing"), label);
                    assertEquals(number + 1, chain.locations().size());
                    assertEquals(Optional.of(models.get(0).id), chain.guid());
                    assertArrayEquals(models.get(number).content, content(chain), label);
                    checkAllocated(chain, models.get(number).content, label);
                }
            }
        }
    }

    @Test
    void aWriteToAnyFileOfTheChainIsNoticed() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        Path parent = folder.resolve("parent.vhd");
        Path child = folder.resolve("child.avhd");
        LayerModel.random(random, LayerModel.random(random, null, 64 << 10, 4096, parent), 64 << 10, 4096, child);
        for (Path written : List.of(parent, child)) {
            try (VhdChain chain = open(child)) {
                assertEquals(List.of(), chain.disturbances());
                Files.setLastModifiedTime(written, FileTime.fromMillis(written.hashCode()));
                List<Disturbance> found = chain.disturbances();
                assertEquals(1, found.size(), "" + found);
                assertTrue(found.get(0).what().contains(written.getFileName() + " changed"), "" + found);
            }
        }
    }

    private static void checkAllocated(VhdChain chain, byte[] content, String label) throws IOException {
        byte[] zeros = new byte[content.length];
        Range all = new Range(0, content.length);
        for (Range gap : RangeSet.of(all).minus(chain.allocated(all))) {
            int from = (int) gap.offset();
            int end = (int) gap.endOffset();
            assertEquals(-1, Arrays.mismatch(content, from, end, zeros, from, end), label + ": left out " + gap);
        }
    }

    @Test
    void onlyWhatIsThereIsAllocated() throws IOException {
        VhdBuilder base =
                new VhdBuilder(16 << 10, 4 << 10).block(0, new byte[] {1}).block(2, new byte[] {1});
        Files.write(folder.resolve("base.vhd"), base.build());
        VhdBuilder child = new VhdBuilder(20 << 10, 4 << 10).child(base.id, "W2ru", "base.vhd");
        child.id = new UUID(0, 2);
        child.block(1, new byte[] {2}, BitSet.valueOf(new long[] {0b1010_0110}));
        child.block(4, new byte[] {2}, BitSet.valueOf(new long[] {1}));
        try (VhdChain chain = open(Files.write(folder.resolve("child.avhd"), child.build()))) {
            assertEquals(
                    RangeSet.of(
                            new Range(0, 4096),
                            new Range(4096 + 512, 1024),
                            new Range(4096 + 5 * 512, 512),
                            new Range(4096 + 7 * 512, 512),
                            new Range(8192, 4096),
                            new Range(16384, 512)),
                    chain.allocated(new Range(0, 1 << 20)));
            // The highest bit of a byte is its first sector: with the lowest, 0, 3, 4 and 6 would be the parent's.
            assertEquals(RangeSet.empty(), chain.allocated(new Range(4096, 512)));
        }
    }

    @Test
    void bitmapOfMoreThanASector() throws IOException {
        byte[] below = new byte[8 * MIB];
        Arrays.fill(below, (byte) 1);
        VhdBuilder base = VhdBuilder.fixed(below);
        Files.write(folder.resolve("base.vhd"), base.build());
        byte[] above = new byte[8 * MIB];
        Arrays.fill(above, (byte) 2);
        VhdBuilder child = new VhdBuilder(8 * MIB, 8 * MIB).child(base.id, "W2ru", "base.vhd");
        child.id = new UUID(0, 2);
        BitSet sectors = new BitSet();
        sectors.set(4090, 5000);
        sectors.set(9000);
        sectors.set(16383);
        child.block(0, above, sectors);
        try (VhdChain chain = open(Files.write(folder.resolve("child.avhd"), child.build()))) {
            byte[] found = content(chain);
            for (int sector = 0; sector < 16384; sector++) {
                assertEquals(sectors.get(sector) ? 2 : 1, found[sector * 512], "sector " + sector);
            }
        }
    }

    @Test
    void holesOfTheFilesAreNotAllocated() throws IOException {
        byte[] disk = new byte[4 * MIB];
        disk[3 * MIB] = 1;
        byte[] file = VhdBuilder.fixed(disk).build();
        Path sparse = folder.resolve("sparse.vhd");
        try (RandomAccessFile out = new RandomAccessFile(sparse.toFile(), "rw")) {
            out.setLength(file.length);
            out.seek(3 * MIB);
            out.write(file, 3 * MIB, file.length - 3 * MIB);
        }
        try (VhdChain chain = open(sparse)) {
            RangeSet allocated = chain.allocated(new Range(0, disk.length));
            Assumptions.assumeTrue(allocated.totalLength() < disk.length, "this file system tells of no holes");
            assertEquals(RangeSet.of(new Range(3 * MIB, MIB)), allocated);
        }
    }

    @Test
    void cutOffAfterItWasOpened() throws IOException {
        VhdBuilder base = new VhdBuilder(2 * MIB, MIB).block(0, new byte[MIB]).block(1, new byte[MIB]);
        Path file = Files.write(folder.resolve("base.vhd"), base.build());
        try (VhdChain chain = VhdChain.open(new LocalFile(file, Reader.DIRECT), ParentSearch.sameFolder())) {
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(MIB);
            }
            IOException refusal =
                    assertThrows(CorruptDataException.class, () -> chain.read(MIB, ByteBuffer.allocate(MIB)));
            assertTrue(refusal.getMessage().contains("virtual range [1048576, 2097152)"), refusal.getMessage());
        }
    }

    /** Nothing protects bitmaps: every flip moves one sector between child and parent, and no more. */
    @Test
    void everyFlipOfABitmapMovesOneSector() throws IOException {
        byte[] below = new byte[16 << 10];
        Arrays.fill(below, (byte) 1);
        VhdBuilder base = VhdBuilder.fixed(below);
        Files.write(folder.resolve("base.vhd"), base.build());
        byte[] above = new byte[16 << 10];
        Arrays.fill(above, (byte) 2);
        VhdBuilder child = new VhdBuilder(16 << 10, 16 << 10).child(base.id, "W2ru", "base.vhd");
        child.id = new UUID(0, 2);
        BitSet sectors = BitSet.valueOf(new long[] {0x0F0F_3355L});
        byte[] file = child.block(0, above, sectors).build();
        for (int sector = 0; sector < 32; sector++) {
            int at = child.blocksOffset() + sector / 8;
            file[at] ^= (byte) (0x80 >> sector % 8);
            sectors.flip(sector);
            try (VhdChain chain = open(Files.write(folder.resolve("child.avhd"), file))) {
                byte[] found = content(chain);
                for (int other = 0; other < 32; other++) {
                    assertEquals(sectors.get(other) ? 2 : 1, found[other * 512 + 100], sector + " and " + other);
                }
            }
            sectors.flip(sector);
            file[at] ^= (byte) (0x80 >> sector % 8);
        }
    }

    /**
     * 7-Zip finds parents in the same folder and is the one judge of mixed bitmap bytes. It refuses a dynamic disk with
     * data in sectors that its bitmaps leave out, where others read the data.
     */
    @Test
    void sevenZipReadsTheSame() throws IOException {
        Assumptions.assumeTrue(Program.run("7z", "i").output().contains("VHD"), "no 7z that knows VHD");
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        LayerModel layer = null;
        for (int number = 0; number < 4; number++) {
            layer = LayerModel.random(random, layer, 3 * MIB, MIB, folder.resolve("layer" + number + ".vhd"), false);
        }
        Path out = Files.createDirectory(folder.resolve("out"));
        Program.Result result = Program.run("7z", "x", "-y", "-tVHD", "-o" + out, layer.file.toString());
        assertEquals(0, result.exitCode(), "seed " + seed + ": " + result.output());
        try (var files = Files.list(out)) {
            assertArrayEquals(
                    layer.content, Files.readAllBytes(files.findFirst().orElseThrow()), "seed " + seed);
        }
    }

    /** Whatever the parent has wrong, the child has right. */
    @Nested
    class Contract extends DiskImageContract {
        private int count;

        @Override
        protected DiskImage image(byte[] content) throws IOException {
            SplittableRandom random = new SplittableRandom(3);
            int blockSize = 512 << 10;
            Path own = Files.createDirectory(folder.resolve("contract" + count++));
            byte[] below = content.clone();
            VhdBuilder child = new VhdBuilder(content.length, blockSize).child(new UUID(1, 1), "W2ru", "b.vhd");
            child.id = new UUID(2, 2);
            List<Integer> blocks = new ArrayList<>();
            for (int block = 0; block * blockSize < content.length; block++) {
                blocks.add(block);
            }
            Collections.shuffle(blocks, new Random(1));
            for (int block : blocks) {
                byte[] right = Arrays.copyOfRange(content, block * blockSize, (block + 1) * blockSize);
                BitSet sectors = new BitSet();
                for (int sector = 0; sector < blockSize / 512; sector++) {
                    int at = block * blockSize + sector * 512;
                    if (at < content.length && (block % 3 == 0 || block % 3 == 1 && random.nextInt(4) == 0)) {
                        Arrays.fill(below, at, at + 512, (byte) 0x77);
                        sectors.set(sector);
                    } else {
                        Arrays.fill(right, sector * 512, sector * 512 + 512, (byte) 0x78);
                    }
                }
                if (!sectors.isEmpty()) {
                    child.block(block, right, sectors);
                }
            }
            VhdBuilder base = VhdBuilder.fixed(below);
            base.id = new UUID(1, 1);
            Files.write(own.resolve("b.vhd"), base.build());
            return open(Files.write(own.resolve("c.avhd"), child.build()));
        }

        @Override
        protected String format() {
            return "vhd-differencing";
        }
    }
}
