package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.SharedImages;
import io.varve.adapters.contract.SharedImages.Image;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.DamageCatalogue.Damaged;
import io.varve.adapters.vhdx.check.FindingList;
import io.varve.adapters.vhdx.check.VhdxCheck;
import io.varve.adapters.vhdx.check.VhdxFileReport;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFinding;
import io.varve.adapters.vhdx.format.VhdxFinding.Severity;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.adapters.vhdx.read.VhdxLayer;
import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check finds each damage where it is, and agrees with the reader about what an error is. */
class VhdxCheckTest {
    /** What only the look for a parent refuses, not the opening of one file. */
    private static final Set<String> OF_CHAINS =
            Set.of(VhdxFault.LOCATOR_TYPE.code(), VhdxFault.LOCATOR_LINKAGE.code());

    @TempDir
    Path temp;

    private static List<VhdxFinding> findings(List<VhdxFileReport> reports) {
        return reports.stream().flatMap(report -> report.findings().stream()).toList();
    }

    private static boolean hasErrors(List<VhdxFinding> findings) {
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    private static Optional<IOException> refusal(Path file) throws IOException {
        try (VhdxChain chain = VhdxChain.open(new LocalFile(file, Reader.DIRECT), ParentSearch.sameFolder())) {
            assertTrue(chain.size() > 0);
            return Optional.empty();
        } catch (CorruptDataException | UnsupportedImageException | MissingParentException e) {
            return Optional.of(e);
        }
    }

    @Test
    void everyDamageIsFoundWhereItIs() throws IOException {
        List<String> wrong = new ArrayList<>();
        int number = 0;
        for (Damaged image : DamagedImages.all()) {
            Path folder = temp.resolve("image" + number++).resolve("here");
            Path leaf = image.write(folder);
            List<VhdxFinding> findings =
                    findings(VhdxCheck.run(new LocalFile(leaf, Reader.DIRECT), ParentSearch.sameFolder()));
            boolean found = image.fault() == null
                    ? findings.stream().noneMatch(finding -> finding.severity() != Severity.INFO)
                    : findings.stream()
                            .anyMatch(finding ->
                                    finding.code().equals(image.fault().code()) && finding.offset() == image.offset());
            if (!found) {
                wrong.add(image + " was not found at " + image.offset() + ": " + findings);
            }
            Optional<IOException> refusal = refusal(leaf);
            if (refusal.isPresent() != hasErrors(findings)) {
                wrong.add(image + ": the reader says " + refusal + ", the check " + findings);
            }
            if (findings.stream().anyMatch(finding -> finding.code().equals(VhdxFault.REFUSED.code()))) {
                wrong.add(image + ": only the reader knows: " + refusal);
            }
            try (var files = Files.walk(folder)) {
                files.filter(Files::isRegularFile).forEach(file -> file.toFile().delete());
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyKindOfFindingHasAnImage() {
        Set<VhdxFault> without = EnumSet.allOf(VhdxFault.class);
        DamagedImages.all().forEach(image -> without.remove(image.fault()));
        // These three have tests of their own below, or none can be made.
        assertEquals(EnumSet.of(VhdxFault.FILE_CHANGING, VhdxFault.PARENT_DEPTH, VhdxFault.REFUSED), without);
    }

    @Test
    void damageAfterDamageIsFoundToo() throws IOException {
        VhdxBuilder builder = SmallVhdx.builder();
        builder.flags = 4;
        builder.entries.put(0, 7L);
        builder.entries.put(2, 1L << 40 | 6);
        builder.version = 3;
        byte[] file = builder.build();
        file[DamageCatalogue.HEADER_1 + 99] = 1;
        VhdxFileReport report = VhdxCheck.of(new MemoryByteSource(file));
        assertEquals(
                List.of("header-damaged", "header-version", "file-flags", "bat-state", "bat-beyond-file"),
                report.findings().stream().map(VhdxFinding::code).toList());
        assertEquals(Severity.ERROR, report.worst());
        VhdxFinding lost = report.findings().get(4);
        assertEquals(Optional.of(new Range(2L * SmallVhdx.MIB, SmallVhdx.MIB)), lost.virtualRange());
        assertEquals("memory.bin", lost.file());
        assertEquals("BAT", lost.structure());
    }

    @Test
    void pairsAreNamedAndTheRestIsCounted() throws IOException {
        VhdxBuilder builder = SmallVhdx.builder();
        builder.entries.put(2, 4L * SmallVhdx.MIB | 6);
        String found = VhdxCheck.of(new MemoryByteSource(builder.build()))
                .findings()
                .get(0)
                .found();
        assertEquals("offset 4194304, where block 2 lies", found);
        byte[] bytes = DamagedImages.named("everything at one place").bytes();
        VhdxFileReport report = assertTimeout(Duration.ofSeconds(10), () -> VhdxCheck.of(new MemoryByteSource(bytes)));
        assertEquals(
                FindingList.MOST_OF_A_KIND,
                report.findings().stream()
                        .filter(finding -> finding.code().equals("bat-overlap"))
                        .count());
        assertEquals(32767L - FindingList.MOST_OF_A_KIND, report.leftOut().get("bat-overlap"));
    }

    @Test
    void fileThatIsWrittenMeanwhile() throws IOException {
        VhdxBuilder builder = SmallVhdx.builder();
        byte[] before = builder.build();
        builder.sequence1 = 8;
        byte[] after = builder.build();
        int[] headerReads = new int[1];
        MemoryByteSource source = new MemoryByteSource(before) {
            @Override
            public void read(long offset, java.nio.ByteBuffer target) throws java.io.EOFException {
                if (offset == DamageCatalogue.HEADER_1 && headerReads[0]++ == 1) {
                    System.arraycopy(after, 0, before, 0, DamageCatalogue.REGIONS_1);
                }
                super.read(offset, target);
            }
        };
        List<VhdxFinding> findings = VhdxCheck.of(source).findings();
        assertEquals("file-changing", findings.get(findings.size() - 1).code());
    }

    @Test
    void chainsAreBounded() throws IOException {
        for (int number = 0; number <= VhdxChain.DEEPEST; number++) {
            VhdxBuilder builder = new VhdxBuilder(SmallVhdx.MIB, SmallVhdx.MIB);
            byte[] parent = new byte[16];
            parent[0] = 1;
            parent[1] = (byte) (number + 1);
            parent[2] = (byte) (number + 1 >> 8);
            builder.dataWriteGuid = parent.clone();
            builder.dataWriteGuid[1] = (byte) number;
            builder.dataWriteGuid[2] = (byte) (number >> 8);
            builder.child(parent, "relative_path", (number + 1) + ".vhdx");
            LayerModel.write(temp.resolve(number + ".vhdx"), builder.build());
        }
        List<VhdxFileReport> reports =
                VhdxCheck.run(new LocalFile(temp.resolve("0.vhdx"), Reader.DIRECT), ParentSearch.sameFolder());
        assertEquals(VhdxChain.DEEPEST, reports.size());
        assertEquals(
                List.of("parent-depth"),
                findings(reports).stream().map(VhdxFinding::code).distinct().toList());
    }

    /** The two sides of one coin: an error is what the reader refuses. */
    @Test
    void agreesWithTheReaderWhateverIsChanged() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<Damaged> images = DamagedImages.all().stream()
                .filter(image ->
                        !image.name().startsWith("log bomb") && !image.name().startsWith("everything"))
                .toList();
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            Damaged image = images.get(random.nextInt(images.size()));
            byte[] file = image.bytes();
            String label = "seed " + seed + ", round " + round + ", " + image;
            refused += agree(StructureChanges.random(file, random), label) ? 0 : 1;
        }
        assertTrue(refused > 200 && refused < 1490, "refused " + refused);
    }

    /** Whether both call it sound. */
    static boolean agree(MemoryByteSource source, String label) throws IOException {
        VhdxFileReport report = VhdxCheck.of(source);
        boolean errors = report.findings().stream()
                .anyMatch(finding -> finding.severity() == Severity.ERROR && !OF_CHAINS.contains(finding.code()));
        assertFalse(
                report.findings().stream().anyMatch(finding -> finding.code().equals("refused")),
                () -> label + ": " + report);
        try {
            VhdxLayer.open(source);
            assertFalse(errors, () -> label + ": the reader opens it, the check says " + report);
            return true;
        } catch (CorruptDataException | UnsupportedImageException e) {
            assertTrue(errors, () -> label + ": the reader refuses it, the check says " + report + ": " + e);
            return false;
        }
    }

    @Test
    void sharedImages() throws IOException {
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (Image image : SharedImages.all()) {
            if (!image.file().endsWith("vhdx") && !image.file().endsWith("vhds")) {
                continue;
            }
            Path leaf = SharedImages.unpack(image, temp);
            for (Image child = image; !child.parent().equals("-"); ) {
                child = SharedImages.named(child.parent());
                SharedImages.unpack(child, temp);
            }
            List<VhdxFileReport> reports = VhdxCheck.run(new LocalFile(leaf, Reader.DIRECT), ParentSearch.sameFolder());
            boolean expectErrors =
                    image.expect().equals("refuse") || image.type().equals("VHDS");
            if (hasErrors(findings(reports)) != expectErrors) {
                wrong.add(image + ": " + findings(reports));
            }
            checked++;
            Files.delete(leaf);
        }
        assertEquals(List.of(), wrong);
        assertTrue(checked >= 20, "only " + checked);
    }
}
