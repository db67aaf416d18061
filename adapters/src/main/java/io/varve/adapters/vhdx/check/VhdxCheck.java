package io.varve.adapters.vhdx.check;

import io.varve.adapters.chain.MissingParentException;
import io.varve.adapters.chain.ParentFinder;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.read.ChainRules;
import io.varve.adapters.vhdx.read.WantedVhdx;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.SourceFile;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks a VHDX and its parents against the format, and lists everything that is wrong or odd, not only the first
 * fault. Damage does not stop it: it decodes as much as it can. It uses the same decoders as the reader, so the two
 * always agree on which files are valid. Nothing is ever written.
 *
 * <p>Time: O(BAT), plus the sector bitmaps in the file. Heap: one bit per MiB of the file and at most
 * {@value FindingList#MOST_OF_A_KIND} findings of a kind per file. For one thread per call.
 */
public final class VhdxCheck {
    private VhdxCheck() {}

    /**
     * Checks {@code leaf} and its parents, the leaf first. A parent that is missing or wrong is a finding of its child.
     *
     * @throws IOException if {@code leaf} cannot be read; never because of its content
     */
    public static List<VhdxFileReport> run(SourceFile leaf, ParentSearch search) throws IOException {
        List<VhdxFileReport> reports = new ArrayList<>();
        ChainRules rules = new ChainRules(leaf);
        VhdxFileCheck child = null;
        Optional<ParentFinder.Found> next = Optional.of(new ParentFinder.Found(leaf, leaf.open(), List.of()));
        while (next.isPresent()) {
            SourceFile file = next.get().file();
            try (ByteSource source = next.get().source()) {
                VhdxFileCheck check = new VhdxFileCheck(source);
                check.run();
                if (child != null) {
                    compare(child, file.location(), check);
                    reports.add(child.findings().report());
                }
                next = parent(check, file, rules, reports.size() + 1, search);
                child = check;
            }
        }
        reports.add(child.findings().report());
        return reports;
    }

    /** Checks one file without its parents. The caller keeps ownership of {@code source}. */
    public static VhdxFileReport of(ByteSource source) throws IOException {
        VhdxFileCheck check = new VhdxFileCheck(source);
        check.run();
        return check.findings().report();
    }

    /** Opens the parent of the checked file; empty if there is none, or none that can be used. */
    private static Optional<ParentFinder.Found> parent(
            VhdxFileCheck check, SourceFile file, ChainRules rules, int depth, ParentSearch search) throws IOException {
        if (check.locator().isEmpty() || check.header().isEmpty()) {
            return Optional.empty();
        }
        FindingList findings = check.findings();
        rules.enter(file, check.header().get().dataWriteGuid());
        ParentFinder.Found found;
        try {
            if (!rules.checkDepth(depth, findings)) {
                return Optional.empty();
            }
            found = new ParentFinder(
                            WantedVhdx.of(check.location(), check.locator().get()), file.folder(), search)
                    .find();
        } catch (UnsupportedImageException | CorruptDataException e) {
            // The type or linkage of the locator, which is reported already.
            return Optional.empty();
        } catch (MissingParentException e) {
            findings.found(VhdxFault.PARENT_MISSING, VhdxFault.PARENT_MISSING.severity(), e);
            return Optional.empty();
        }
        if (!found.tried().isEmpty()) {
            findings.found(
                    VhdxFault.PARENT_PATH,
                    check.locator().get().offset(),
                    "paths that lead to the parent",
                    found.file().location() + " only after: " + String.join("; ", found.tried()));
        }
        boolean goOn = false;
        try {
            VhdxHeader header = HeaderPair.read(found.source()).current();
            goOn = rules.checkNew(check.location(), found.file(), header.dataWriteGuid(), findings);
        } finally {
            if (!goOn) {
                found.source().close();
            }
        }
        return goOn ? Optional.of(found) : Optional.empty();
    }

    private static void compare(VhdxFileCheck child, String parentFile, VhdxFileCheck parent) throws IOException {
        FindingList findings = child.findings();
        if (parent.findings().errors() > 0) {
            findings.found(VhdxFault.PARENT_DAMAGED, -1, "a sound parent", parentFile + ", which has errors");
        }
        if (child.parameters().isEmpty() || parent.parameters().isEmpty()) {
            return;
        }
        DiskParameters ofChild = child.parameters().get();
        DiskParameters ofParent = parent.parameters().get();
        ChainRules.checkSectorSizes(child.location(), ofChild, parentFile, ofParent, findings);
        if (ofChild.size() != ofParent.size()) {
            findings.found(
                    VhdxFault.PARENT_SIZE,
                    -1,
                    "the size of its parent, " + ofParent.size(),
                    ofChild.size() + (ofChild.size() > ofParent.size() ? ": the rest reads as zeros" : ""));
        }
    }
}
