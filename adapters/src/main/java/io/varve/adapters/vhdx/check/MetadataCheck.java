package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.MetadataItem;
import io.varve.adapters.vhdx.format.MetadataTable;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.WindowsGuid;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Finds oddities in the metadata that the reader ignores (MS-VHDX 2.6). */
final class MetadataCheck {
    private static final Set<UUID> ALWAYS_REQUIRED = Set.of(
            VhdxFormat.FILE_PARAMETERS,
            VhdxFormat.VIRTUAL_DISK_SIZE,
            VhdxFormat.VIRTUAL_DISK_ID,
            VhdxFormat.LOGICAL_SECTOR_SIZE,
            VhdxFormat.PHYSICAL_SECTOR_SIZE,
            VhdxFormat.PARENT_LOCATOR);

    private MetadataCheck() {}

    static void run(String location, MetadataTable table, Optional<DiskParameters> parameters, FindingList findings) {
        for (MetadataItem item : table.items()) {
            boolean mustBe = !item.user() && ALWAYS_REQUIRED.contains(item.id());
            if (mustBe && !item.required() || item.user() && item.required()) {
                findings.found(
                        VhdxFault.METADATA_NOT_REQUIRED,
                        item.entryOffset() + 24,
                        item.name() + (mustBe ? " marked as required" : " not marked as required"),
                        mustBe ? "not" : "marked so");
            }
        }
        parameters.ifPresent(disk -> {
            if (disk.physicalSectorSize() < disk.logicalSectorSize()) {
                findings.found(
                        VhdxFault.PHYSICAL_BELOW_LOGICAL,
                        offset(table, VhdxFormat.PHYSICAL_SECTOR_SIZE),
                        "a physical sector size of at least " + disk.logicalSectorSize() + ", the logical one",
                        "" + disk.physicalSectorSize());
            }
            if (disk.id().equals(WindowsGuid.NIL)) {
                findings.found(
                        VhdxFault.DISK_ID,
                        offset(table, VhdxFormat.VIRTUAL_DISK_ID),
                        "the GUID of the disk in " + location,
                        "the nil GUID");
            }
        });
    }

    private static long offset(MetadataTable table, UUID id) {
        return table.find(id).map(MetadataItem::offset).orElse(-1L);
    }
}
