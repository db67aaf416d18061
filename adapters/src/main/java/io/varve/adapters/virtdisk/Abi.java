package io.varve.adapters.virtdisk;

/**
 * Offsets, sizes and numbers of {@code virtdisk.h} on 64-bit Windows, as its callers see them. Kept as numbers, and
 * compared with a table that a C compiler made, since a structure that is off by four bytes reads another field.
 */
final class Abi {
    /** {@code VIRTUAL_STORAGE_TYPE}: what kind of file; unknown lets Windows look. */
    static final int STORAGE_TYPE_SIZE = 20;

    static final int DEVICE_ISO = 1;
    static final int DEVICE_VHD = 2;
    static final int DEVICE_VHDX = 3;
    static final int DEVICE_VHD_SET = 4;

    /** {@code OPEN_VIRTUAL_DISK_PARAMETERS}, version 2. */
    static final int OPEN_SIZE = 28;

    static final int OPEN_GET_INFO_ONLY = 4;
    static final int OPEN_READ_ONLY = 8;
    static final int OPEN_VERSION_1 = 1;
    static final int OPEN_VERSION_2 = 2;

    /** Right to detach what any handle attached, with parameters of version 1. */
    static final int ACCESS_DETACH = 0x40000;

    static final int ACCESS_GET_INFO = 0x80000;

    /** The file alone, also when its parent is not to be found. */
    static final int OPEN_NO_PARENTS = 1;

    /** {@code GET_VIRTUAL_DISK_INFO}: the version is set by the caller, the answer lies behind it. */
    static final int INFO_SIZE = 32;

    static final int INFO_ANSWER = 8;
    static final int INFO_VIRTUAL_SIZE = 8;
    static final int INFO_BLOCK_SIZE = 24;
    static final int INFO_SECTOR_SIZE = 28;
    static final int INFO_PARENT_RESOLVED = 8;
    static final int INFO_PARENT_LOCATIONS = 12;
    static final int INFO_DEVICE = 8;
    static final int INFO_TRACKING_ENABLED = 8;
    static final int INFO_TRACKING_NEWER = 12;
    static final int INFO_TRACKING_ID = 16;

    static final int INFO_OF_SIZE = 1;
    static final int INFO_OF_IDENTIFIER = 2;
    static final int INFO_OF_PARENT_LOCATION = 3;
    static final int INFO_OF_PARENT_IDENTIFIER = 4;
    static final int INFO_OF_STORAGE_TYPE = 6;
    static final int INFO_OF_SUBTYPE = 7;
    static final int INFO_OF_LOADED = 13;
    static final int INFO_OF_DISK_ID = 14;
    static final int INFO_OF_TRACKING = 15;

    static final int SUBTYPE_FIXED = 2;
    static final int SUBTYPE_DYNAMIC = 3;
    static final int SUBTYPE_DIFFERENCING = 4;

    /** {@code SET_VIRTUAL_DISK_INFO}. */
    static final int SET_SIZE = 32;

    static final int SET_VALUE = 8;
    static final int SET_IDENTIFIER = 2;
    static final int SET_DISK_ID = 5;
    static final int SET_TRACKING = 6;

    /** {@code QUERY_CHANGES_VIRTUAL_DISK_RANGE}. */
    static final int RANGE_SIZE = 24;

    static final int RANGE_OFFSET = 0;
    static final int RANGE_LENGTH = 8;

    /** {@code ATTACH_VIRTUAL_DISK_PARAMETERS} as of version 2; zeros but for the version. */
    static final int ATTACH_SIZE = 24;

    static final int ATTACH_VERSION_1 = 1;
    static final int ATTACH_READ_ONLY = 1;

    /** No disk appears on the host: only the handle reads. */
    static final int ATTACH_NO_LOCAL_HOST = 8;

    private Abi() {}
}
