package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.chain.NamedPath;
import io.varve.adapters.chain.WindowsPath;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.vhdx.check.FindingList;
import io.varve.adapters.vhdx.check.LocatorCheck;
import io.varve.adapters.vhdx.format.MetadataItem;
import io.varve.adapters.vhdx.format.ParentLocator;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.read.WantedVhdx;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;

/** The bytes of the input as a parent locator, and the paths in it as paths. */
public final class ParentLocatorFuzz {
    private ParentLocatorFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        MemoryByteSource source = new MemoryByteSource(data);
        MetadataItem item = new MetadataItem(VhdxFormat.PARENT_LOCATOR, 0, data.length, false, false, true, 0);
        FindingList findings = new FindingList("fuzzed");
        boolean stopped = false;
        try {
            LocatorCheck.run(source, item, findings);
        } catch (CorruptDataException e) {
            stopped = true;
        }
        try {
            WantedVhdx wanted = WantedVhdx.of("fuzzed", ParentLocator.read(source, item));
            assertFalse(
                    stopped || findings.errors() > 0, () -> findings.report().toString());
            Set<UUID> linkages = wanted.linkages();
            assertTrue(!linkages.isEmpty() && !linkages.contains(WindowsGuid.NIL));
            for (NamedPath path : wanted.paths()) {
                WindowsPath.parse(path.text());
            }
        } catch (CorruptDataException | UnsupportedImageException e) {
            assertTrue(stopped || findings.errors() > 0, e::getMessage);
        }
    }
}
