package io.varve.adapters.vhdx.format;

import java.util.UUID;

/**
 * An entry of the metadata table (MS-VHDX 2.6.1.2) whose item lies inside the metadata region.
 *
 * @param offset bytes from the beginning of the <em>file</em> to the item
 * @param length bytes of the item; 0 for one that is present but empty
 * @param user whether the item belongs to a user of the file; then {@code id} means what that user says
 * @param virtualDisk whether it belongs to the disk, as opposed to this file
 * @param entryOffset where in the file the entry lies, for messages
 */
public record MetadataItem(
        UUID id, long offset, int length, boolean user, boolean virtualDisk, boolean required, long entryOffset) {
    public boolean is(UUID systemId) {
        return !user && id.equals(systemId);
    }

    /** The item's name in messages. */
    public String name() {
        if (user) {
            return "user item " + id;
        }
        if (is(VhdxFormat.FILE_PARAMETERS)) {
            return "file parameters";
        } else if (is(VhdxFormat.VIRTUAL_DISK_SIZE)) {
            return "virtual disk size";
        } else if (is(VhdxFormat.VIRTUAL_DISK_ID)) {
            return "virtual disk id";
        } else if (is(VhdxFormat.LOGICAL_SECTOR_SIZE)) {
            return "logical sector size";
        } else if (is(VhdxFormat.PHYSICAL_SECTOR_SIZE)) {
            return "physical sector size";
        } else if (is(VhdxFormat.PARENT_LOCATOR)) {
            return "parent locator";
        } else if (is(VhdxFormat.CHS_PARAMETERS)) {
            return "CHS parameters";
        } else if (is(VhdxFormat.INCOMPLETE_FILE)) {
            return "incomplete file";
        }
        return "unknown item " + id;
    }
}
