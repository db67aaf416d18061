package io.varve.adapters.vhd;

import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds the footer. First choice is the one at the end of the file; then its copy at the beginning, which all but fixed
 * disks have and which may be all that a crash leaves while the file grows; then one of 511 bytes at the end, as early
 * versions of Virtual PC wrote it. A footer is recognised by cookie and checksum only.
 */
final class FooterSearch {
    private static final int SHORT_SIZE = VhdFormat.FOOTER_SIZE - 1;

    private FooterSearch() {}

    /**
     * @throws CorruptDataException if there is no footer in any of the three places, or its content is impossible
     * @throws io.varve.adapters.file.UnsupportedImageException if the kind of disk is not supported
     */
    static VhdFooter run(ByteSource source) throws IOException {
        long size = source.size();
        String file = source.location();
        if (size < VhdFormat.FOOTER_SIZE) {
            throw new CorruptDataException(file, 0, "a VHD of at least 512 bytes", size + " bytes");
        }
        long end = size - VhdFormat.FOOTER_SIZE;
        ByteBuffer last = read(source, end, VhdFormat.FOOTER_SIZE);
        String fault = fault(last);
        if (fault.isEmpty()) {
            return VhdFooter.decode(file, last, end, end);
        }
        ByteBuffer first = read(source, 0, VhdFormat.FOOTER_SIZE);
        String faultOfCopy = fault(first);
        if (faultOfCopy.isEmpty() && VhdFooter.isFixed(first)) {
            // A fixed disk begins with its own data, which may look like a footer if a guest wrote one there.
            faultOfCopy = "one of a fixed disk, which has none there";
        }
        if (faultOfCopy.isEmpty()) {
            return VhdFooter.decode(file, first, 0, size);
        }
        // The missing byte counts as zero, which leaves the checksum unchanged.
        ByteBuffer cut = read(source, size - SHORT_SIZE, SHORT_SIZE);
        if (fault(cut).isEmpty()) {
            return VhdFooter.decode(file, cut, size - SHORT_SIZE, size - SHORT_SIZE);
        }
        throw new CorruptDataException(
                file, end, "the footer of a VHD there, or a copy of it at offset 0", fault + ", and " + faultOfCopy);
    }

    private static ByteBuffer read(ByteSource source, long offset, int length) throws IOException {
        return FileStructure.read(source, offset, length, "VHD footer");
    }

    /** Returns why {@code bytes} are not a footer; empty if they are. */
    private static String fault(ByteBuffer bytes) {
        if (bytes.getLong(0) != VhdFormat.FOOTER_COOKIE) {
            return "no \"conectix\"";
        }
        int expected = VhdFormat.checksum(bytes, VhdFormat.FOOTER_CHECKSUM_AT);
        int found = bytes.getInt(VhdFormat.FOOTER_CHECKSUM_AT);
        return expected == found ? "" : String.format("one with checksum 0x%08x instead of 0x%08x", found, expected);
    }
}
