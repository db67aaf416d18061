package io.varve.adapters.vhdx.format;

import java.util.UUID;

/** Numbers of the VHDX format that reader and writer share. Offsets and sizes in bytes. */
public final class VhdxFormat {
    public static final int KIB = 1 << 10;
    public static final int MIB = 1 << 20;

    /** Alignment of everything behind the first MiB (MS-VHDX 2.1). */
    public static final long ALIGNMENT = MIB;

    /** "vhdxfile" as a little-endian number (MS-VHDX 2.2.1). */
    public static final long FILE_SIGNATURE = 0x656C_6966_7864_6876L;

    public static final int CREATOR_AT = 8;
    public static final int CREATOR_SIZE = 512;

    /** "head" (MS-VHDX 2.2.2). */
    public static final int HEADER_SIGNATURE = 0x6461_6568;

    public static final long HEADER_1_OFFSET = 64 * KIB;
    public static final long HEADER_2_OFFSET = 128 * KIB;
    public static final int HEADER_SIZE = 4 * KIB;
    public static final int VERSION = 1;

    /** "regi" (MS-VHDX 2.2.3). */
    public static final int REGION_SIGNATURE = 0x6967_6572;

    public static final long REGION_TABLE_1_OFFSET = 192 * KIB;
    public static final long REGION_TABLE_2_OFFSET = 256 * KIB;
    public static final int REGION_TABLE_SIZE = 64 * KIB;
    static final int MOST_REGIONS = 2047;
    public static final UUID BAT_REGION = UUID.fromString("2dc27766-f623-4200-9d64-115e9bfd4a08");
    public static final UUID METADATA_REGION = UUID.fromString("8b7ca206-4790-4b9a-b8fe-575f050f886e");

    /** "loge" (MS-VHDX 2.3.1.1). */
    public static final int LOG_ENTRY_SIGNATURE = 0x6567_6F6C;

    /** "zero" (MS-VHDX 2.3.1.2). */
    public static final int LOG_ZERO_SIGNATURE = 0x6F72_657A;

    /** "desc" (MS-VHDX 2.3.1.3). */
    public static final int LOG_DESC_SIGNATURE = 0x6373_6564;

    /** "data" (MS-VHDX 2.3.1.4). */
    public static final int LOG_DATA_SIGNATURE = 0x6174_6164;

    /** "metadata" (MS-VHDX 2.6.1). */
    public static final long METADATA_SIGNATURE = 0x6174_6164_6174_656DL;

    public static final int METADATA_TABLE_SIZE = 64 * KIB;
    static final int MOST_METADATA_ITEMS = 2047;
    static final int LONGEST_ITEM = MIB;

    /** Bit of a metadata entry's flags: written by a user of the file, not by the format. */
    static final int IS_USER = 1;

    /** Bit of a metadata entry's flags: belongs to the disk, not to this one file of it. */
    public static final int IS_VIRTUAL_DISK = 2;

    /** Bit of a metadata entry's flags: who does not know the item must not open the file. */
    public static final int IS_REQUIRED = 4;

    public static final UUID FILE_PARAMETERS = UUID.fromString("caa16737-fa36-4d43-b3b6-33f0aa44e76b");
    public static final UUID VIRTUAL_DISK_SIZE = UUID.fromString("2fa54224-cd1b-4876-b211-5dbed83bf4b8");
    public static final UUID VIRTUAL_DISK_ID = UUID.fromString("beca12ab-b2e6-4523-93ef-c309e000c746");
    public static final UUID LOGICAL_SECTOR_SIZE = UUID.fromString("8141bf1d-a96f-4709-ba47-f233a8faab5f");
    public static final UUID PHYSICAL_SECTOR_SIZE = UUID.fromString("cda348c7-445d-4471-9cc9-e9885251c556");
    public static final UUID PARENT_LOCATOR = UUID.fromString("a8d35f2d-b30b-454d-abf7-d3d84834ab0c");

    /** Type of a parent locator that names VHDX files (MS-VHDX 2.6.2.6.1). */
    public static final UUID VHDX_LOCATOR = UUID.fromString("b04aefb7-d19e-4a81-b789-25b8e9445913");

    /** Geometry hint; not in the specification, harmless. */
    static final UUID CHS_PARAMETERS = UUID.fromString("da02d7bc-3d3a-423c-ac88-2a36ab21479b");

    /** Marks a file whose creation never finished; not in the specification, written by Microsoft's code. */
    static final UUID INCOMPLETE_FILE = UUID.fromString("71cc85f0-1b69-4e28-9558-c3bf83ae75d3");

    /** Bit of the file parameters: a "fixed" disk. */
    public static final int LEAVE_BLOCKS_ALLOCATED = 1;

    /** Bit of the file parameters: a differencing disk. */
    public static final int HAS_PARENT = 2;

    public static final int SMALLEST_BLOCK = MIB;
    public static final int LARGEST_BLOCK = 256 * MIB;
    public static final long LARGEST_DISK = 64L << 40;

    private VhdxFormat() {}
}
