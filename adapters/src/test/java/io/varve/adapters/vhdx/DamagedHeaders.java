package io.varve.adapters.vhdx;

import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxLogWriter;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.log.LogReplay;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Damage to headers, log and region tables. */
@SuppressWarnings("ByteBufferBackingArray") // each buffer wraps a whole file
final class DamagedHeaders extends DamageCatalogue {
    DamagedHeaders() {
        headers();
        logs();
        regions();
    }

    private void headers() {
        edited("no vhdxfile", VhdxFault.FILE_IDENTIFIER, 0, b -> {}, file -> file.put(0, (byte) 'V'));
        built("length of half a sector", VhdxFault.FILE_LENGTH, -1, b -> b.fileLength = 6 * MIB + 256);
        edited(
                "bytes between the tables",
                VhdxFault.STALE_BYTES,
                400 << 10,
                b -> {},
                file -> file.put(400 << 10, (byte) 1));
        edited("no header", VhdxFault.HEADERS_UNUSABLE, HEADER_1, b -> {}, file -> {
            file.put(HEADER_1 + 99, (byte) 1);
            file.put(HEADER_2 + 99, (byte) 1);
        });
        edited(
                "header pair with equal sequence numbers",
                VhdxFault.HEADERS_AMBIGUOUS,
                HEADER_1,
                b -> b.sequence1 = 7,
                file -> {
                    file.put(HEADER_1 + 20, (byte) 1);
                    seal(file, HEADER_1);
                });
        built("version 2", VhdxFault.HEADER_VERSION, HEADER_2 + 66, b -> b.version = 2);
        edited(
                "header 1 damaged",
                VhdxFault.HEADER_DAMAGED,
                HEADER_1 + 4,
                b -> {},
                file -> file.put(HEADER_1 + 99, (byte) 1));
        edited("header 2 gone", VhdxFault.HEADER_DAMAGED, HEADER_2, b -> {}, file -> file.putInt(HEADER_2, 0));
        built("identical headers", VhdxFault.HEADERS_IDENTICAL, HEADER_2 + 8, b -> b.sequence1 = 7);
        edited("older header of version 2", VhdxFault.HEADER_TWIN, HEADER_1 + 66, b -> {}, file -> {
            file.putShort(HEADER_1 + 66, (short) 2);
            seal(file, HEADER_1);
        });
        edited("older header with a log nowhere", VhdxFault.HEADER_TWIN, HEADER_1 + 68, b -> {}, file -> {
            file.putLong(HEADER_1 + 72, 5);
            seal(file, HEADER_1);
        });
        built("nil FileWriteGuid", VhdxFault.HEADER_GUID, HEADER_2 + 16, b -> b.fileWriteGuid = new byte[16]);
        built("nil DataWriteGuid", VhdxFault.HEADER_GUID, HEADER_2 + 32, b -> b.dataWriteGuid = new byte[16]);
        built("last sequence number", VhdxFault.HEADER_SEQUENCE, HEADER_2 + 8, b -> b.sequence2 = -1);
        edited("reserved bytes of a header", VhdxFault.HEADER_RESERVED, HEADER_2 + 85, b -> {}, file -> {
            file.put(HEADER_2 + 85, (byte) 1);
            seal(file, HEADER_2);
        });
    }

    private void logs() {
        built("log GUID without log", VhdxFault.LOG_MISSING, HEADER_2 + 68, b -> {
            b.logGuid = LoggedVhdx.GUID;
            b.logLength = 0;
        });
        built("log of version 3", VhdxFault.LOG_VERSION, HEADER_2 + 64, b -> {
            b.logGuid = LoggedVhdx.GUID;
            b.logVersion = 3;
        });
        for (long offset : new long[] {0, MIB + 512, 1L << 40, Long.MIN_VALUE}) {
            built("log at " + offset, VhdxFault.LOG_PLACE, HEADER_2 + 68, b -> b.logOffset = offset);
        }
        built("no room for a log", VhdxFault.LOG_ABSENT, HEADER_2 + 68, b -> b.logLength = 0);
        built("log without entries", VhdxFault.LOG_UNUSABLE, MIB, b -> b.logGuid = LoggedVhdx.GUID);
        logged(
                "sound log",
                VhdxFault.LOG_REPLAY,
                MIB,
                image ->
                        image.log.data(LoggedVhdx.target(0), LoggedVhdx.page(1)).write());
        logged("log run that fills its ring", VhdxFault.LOG_REPLAY, MIB, image -> {
            for (int entry = 0; entry < LoggedVhdx.LOG_LENGTH / 8192; entry++) {
                image.log.data(LoggedVhdx.target(entry % 8), LoggedVhdx.page(1)).write();
            }
        });
        logged("file cut off behind the log's back", VhdxFault.LOG_CUT_OFF, MIB + 48, image -> {
            image.log.flushed = 64 * MIB;
            image.log.write();
        });
        logged(
                "log writes to a header",
                VhdxFault.LOG_TARGET,
                MIB + 80,
                image -> image.log.data(HEADER_2, new byte[4096]).write());
        logged(
                "log writes to itself",
                VhdxFault.LOG_TARGET,
                MIB + 80,
                image -> image.log.zero(MIB, 4096).write());
        logged(
                "log bomb: 2^60 zeros",
                VhdxFault.LOG_TARGET,
                MIB + 80,
                image -> image.log.zero(BAT, 1L << 60).write());
        logged("log bomb: a file of 2^61 bytes", VhdxFault.FILE_TOO_LARGE, -1, image -> {
            image.log.last = 1L << 61;
            image.log.zero(19 * MIB, 1L << 60).write();
        });
        logged("log bomb: a file of 2^63 bytes", VhdxFault.LOG_UNUSABLE, MIB + 56, image -> {
            image.log.last = Long.MIN_VALUE;
            image.log.write();
        });
        logged("file sizes in the log are odd", VhdxFault.LOG_FILE_SIZES, MIB + 48, image -> {
            image.log.last = image.file.length + 4096L;
            image.log.write();
        });
        logged("log writes payload", VhdxFault.BAT_LOGGED, BAT, image -> {
            image.apply(0, 3);
            image.log.data(LoggedVhdx.place(3) + MIB - 4096, new byte[4096]).write();
        });
        logged("every sector claims to begin a long entry", VhdxFault.LOG_UNUSABLE, MIB, image -> {
            ByteBuffer file = ByteBuffer.wrap(image.file).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = LoggedVhdx.LOG; at < LoggedVhdx.LOG + LoggedVhdx.LOG_LENGTH; at += 4096) {
                file.put(at, new byte[] {'l', 'o', 'g', 'e'})
                        .putInt(at + 8, LoggedVhdx.LOG_LENGTH - 4096)
                        .putLong(at + 16, 1)
                        .putInt(at + 24, 30000)
                        .put(at + 32, LoggedVhdx.GUID);
            }
        });
        images.add(new Damaged("log bomb: 2^18 changes", VhdxFault.LOG_TOO_LARGE, -1, DamagedHeaders::manyChanges));
    }

    private static Map<String, byte[]> manyChanges() {
        VhdxBuilder builder = SmallVhdx.builder();
        builder.logGuid = LoggedVhdx.GUID;
        builder.logOffset = 6 * MIB;
        builder.logLength = 9 * MIB;
        builder.fileLength = 15 * MIB;
        byte[] file = builder.build();
        VhdxLogWriter log = new VhdxLogWriter(file, 6 * MIB, 9 * MIB, LoggedVhdx.GUID);
        log.last = 4L << 30;
        for (long change = 0; change <= LogReplay.MOST_PATCHES; change++) {
            log.zero(16L * MIB + change * 8192, 4096);
        }
        log.write();
        return Map.of("disk.vhdx", file);
    }

    private void regions() {
        edited("no region table", VhdxFault.REGION_TABLES_UNUSABLE, REGIONS_1, b -> {}, file -> {
            file.put(REGIONS_1 + 999, (byte) 1);
            file.put(REGIONS_2 + 999, (byte) 1);
        });
        edited(
                "region table 1 damaged",
                VhdxFault.REGION_TABLE,
                REGIONS_1 + 4,
                b -> {},
                file -> file.put(REGIONS_1 + 999, (byte) 1));
        edited("2^32 regions", VhdxFault.REGION_TABLE, REGIONS_1 + 8, b -> {}, tables(8, -1));
        for (long offset : new long[] {0, MIB + 1, 1L << 62, -MIB}) {
            built(
                    "region at " + offset,
                    VhdxFault.REGION_PLACE,
                    REGIONS_1 + 96,
                    b -> b.regions.add(region(UNKNOWN, offset, MIB, 0)));
        }
        built(
                "BAT region twice",
                VhdxFault.REGION_TWICE,
                REGIONS_1 + 80,
                b -> b.regions.add(region(VhdxBuilder.BAT, 4 * MIB, MIB, 1)));
        edited("no metadata region", VhdxFault.REGION_MISSING, REGIONS_1, b -> {}, tables(8, 1));
        built(
                "regions overlap",
                VhdxFault.REGION_OVERLAP,
                REGIONS_1 + 80,
                b -> b.regions.add(region(UNKNOWN, BAT, MIB, 0)));
        built("log over the metadata", VhdxFault.REGION_OVERLAP, REGIONS_1 + 48, b -> b.logLength = 2 * MIB);
        built("unknown region, required", VhdxFault.REGION_UNKNOWN_REQUIRED, REGIONS_1 + 80, b -> {
            b.regions.add(region(UNKNOWN, 6 * MIB, MIB, 1));
            b.fileLength = 7 * MIB;
        });
        built("unknown region", VhdxFault.REGION_UNKNOWN, REGIONS_1 + 80, b -> {
            b.regions.add(region(UNKNOWN, 6 * MIB, MIB, 0));
            b.fileLength = 7 * MIB;
        });
        edited("region tables differ", VhdxFault.REGION_TABLES_DIFFER, REGIONS_2, b -> {}, file -> {
            file.putInt(REGIONS_2 + 16 + 24, 2 * MIB);
            seal(file, REGIONS_2);
        });
        edited("regions not required", VhdxFault.REGION_NOT_REQUIRED, REGIONS_1 + 44, b -> {}, tables(44, 0));
        edited("reserved bits of a region", VhdxFault.REGION_RESERVED, REGIONS_1 + 44, b -> {}, tables(44, 3));
        edited(
                "reserved bytes of the region tables",
                VhdxFault.REGION_RESERVED,
                REGIONS_2 + 12,
                b -> {},
                tables(12, 3));
    }
}
