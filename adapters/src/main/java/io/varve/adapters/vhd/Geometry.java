package io.varve.adapters.vhd;

/**
 * Cylinders, heads and sectors per track of a disk, computed as in the appendix "CHS Calculation" of VHD 1.0. Their
 * product is the size of the disk or slightly less, and at most 127.5 GiB; relevant readers use the Current Size
 * instead.
 */
record Geometry(int cylinders, int heads, int sectorsPerTrack) {
    private static final int MOST_CYLINDERS = 65535;

    static Geometry of(long size) {
        long most = (long) MOST_CYLINDERS * 16 * 255;
        int sectors = (int) Math.min(size / VhdFormat.SECTOR, most);
        if (sectors >= MOST_CYLINDERS * 16 * 63) {
            return of(sectors, 16, 255);
        }
        int heads = Math.max(4, (sectors / 17 + 1023) / 1024);
        if (heads <= 16 && sectors / 17 < heads * 1024) {
            return of(sectors, heads, 17);
        }
        return sectors / 31 < 16 * 1024 ? of(sectors, 16, 31) : of(sectors, 16, 63);
    }

    private static Geometry of(int sectors, int heads, int sectorsPerTrack) {
        return new Geometry(sectors / sectorsPerTrack / heads, heads, sectorsPerTrack);
    }

    /** The geometry as stored in the footer. */
    int code() {
        return cylinders << 16 | heads << 8 | sectorsPerTrack;
    }
}
