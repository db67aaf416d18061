package io.varve.adapters.vhdx.check;

import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.format.MetadataItem;
import io.varve.adapters.vhdx.format.ParentLocator;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.read.WantedVhdx;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Checks the parent locator of a differencing disk (MS-VHDX 2.6.2.6). */
public final class LocatorCheck {
    private static final Set<String> KNOWN =
            Set.of("parent_linkage", "parent_linkage2", "relative_path", "volume_path", "absolute_win32_path");

    private LocatorCheck() {}

    /** @throws CorruptDataException if it contains no table of pairs */
    public static ParentLocator run(ByteSource file, MetadataItem item, FindingList findings) throws IOException {
        ParentLocator locator = ParentLocator.read(file, item, findings);
        try {
            if (locator.linkages(file.location()).size() > 1) {
                findings.found(VhdxFault.LOCATOR_MERGE, item.offset(), "", "a second linkage: a merge is going on");
            }
        } catch (UnsupportedImageException e) {
            findings.found(VhdxFault.LOCATOR_TYPE, VhdxFault.LOCATOR_TYPE.severity(), e);
        } catch (CorruptDataException e) {
            findings.found(VhdxFault.LOCATOR_LINKAGE, VhdxFault.LOCATOR_LINKAGE.severity(), e);
        }
        Map<String, String> pairs = locator.pairs();
        if (WantedVhdx.PATHS.stream().noneMatch(pairs::containsKey)) {
            findings.found(
                    VhdxFault.LOCATOR_PATHS,
                    item.offset(),
                    "one of the paths " + String.join(", ", WantedVhdx.PATHS),
                    "none");
        }
        for (String key : pairs.keySet()) {
            if (!KNOWN.contains(key)) {
                findings.found(
                        VhdxFault.LOCATOR_UNKNOWN_KEY,
                        item.offset(),
                        "",
                        "the unknown key \"" + key.substring(0, Math.min(key.length(), 60)) + "\"");
            }
        }
        return locator;
    }
}
