package io.varve.adapters.virtdisk;

import java.util.Locale;

/**
 * What Windows takes the file of a virtual disk for.
 *
 * @param format of the file
 * @param layout how the file keeps the disk
 */
public record DiskKind(Format format, Layout layout) {
    /** By Windows' device numbers. */
    public enum Format {
        ISO(Abi.DEVICE_ISO),
        VHD(Abi.DEVICE_VHD),
        VHDX(Abi.DEVICE_VHDX),
        VHD_SET(Abi.DEVICE_VHD_SET),
        /** A number that Varve does not know. */
        UNKNOWN(0);

        private final int device;

        Format(int device) {
            this.device = device;
        }

        static Format of(int device) {
            for (Format format : values()) {
                if (format.device == device) {
                    return format;
                }
            }
            return UNKNOWN;
        }

        /** Whether Windows can track the changes of such disks. */
        public boolean tracksChanges() {
            return this != ISO && this != VHD;
        }

        /** Why there is no change list of such a disk, and what to do. */
        public String noTracking() {
            return "a disk of format " + this + " has no change tracking; convert it to VHDX (Convert-VHD)";
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** By the numbers that Windows' provider of virtual disks gives. */
    public enum Layout {
        FIXED(Abi.SUBTYPE_FIXED),
        DYNAMIC(Abi.SUBTYPE_DYNAMIC),
        DIFFERENCING(Abi.SUBTYPE_DIFFERENCING),
        /** A number that Varve does not know. */
        UNKNOWN(0);

        private final int subtype;

        Layout(int subtype) {
            this.subtype = subtype;
        }

        static Layout of(int subtype) {
            for (Layout layout : values()) {
                if (layout.subtype == subtype) {
                    return layout;
                }
            }
            return UNKNOWN;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return format + ", " + layout;
    }
}
