package io.varve.adapters.vhdx;

import io.varve.adapters.contract.VhdxBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replays a log of {@link LoggedVhdx} onto a copy of its BAT, as MS-VHDX 2.3.2 tells it and with no regard for time.
 */
final class NaiveLog {
    private static final int SECTOR = 4096;
    private static final int LENGTH = LoggedVhdx.LOG_LENGTH;

    private final byte[] file;

    NaiveLog(byte[] file) {
        this.file = file;
    }

    private static final class Entry {
        private final int position;
        private final byte[] bytes;

        Entry(int position, byte[] bytes) {
            this.position = position;
            this.bytes = bytes;
        }

        ByteBuffer fields() {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        }

        long sequence() {
            return fields().getLong(16);
        }

        int tail() {
            return fields().getInt(12);
        }

        int dataSectors() {
            return (bytes.length - descriptorBytes()) / SECTOR;
        }

        int descriptorBytes() {
            return (64 + 32 * fields().getInt(24) + SECTOR - 1) / SECTOR * SECTOR;
        }
    }

    /** The BAT after the replay; null when there is nothing to replay. */
    byte[] bat() {
        List<Entry> best = List.of();
        for (int start = 0; start < LENGTH; start += SECTOR) {
            List<Entry> run = run(start);
            for (int keep = run.size(); keep > 0; keep--) {
                // Only whole runs count; a run that begins later in the ring is found from its own start.
                if (keep < run.size()) {
                    break;
                }
                int tail = run.get(keep - 1).tail();
                int from = -1;
                for (int i = 0; i < keep; i++) {
                    from = run.get(i).position == tail ? i : from;
                }
                boolean newer = best.isEmpty()
                        || Long.compareUnsigned(
                                        run.get(keep - 1).sequence(),
                                        best.get(best.size() - 1).sequence())
                                > 0;
                if (from >= 0 && newer) {
                    best = run.subList(from, keep);
                }
            }
        }
        if (best.isEmpty()) {
            return null;
        }
        byte[] bat = Arrays.copyOfRange(file, LoggedVhdx.BAT, LoggedVhdx.BAT + LoggedVhdx.MIB);
        best.forEach(entry -> apply(entry, bat));
        return bat;
    }

    private List<Entry> run(int start) {
        List<Entry> run = new ArrayList<>();
        int position = start;
        for (int total = 0; ; ) {
            Entry entry = entry(position);
            boolean follows = entry != null
                    && total + entry.bytes.length <= LENGTH
                    && (run.isEmpty()
                            || entry.sequence() == run.get(run.size() - 1).sequence() + 1);
            if (!follows) {
                return run;
            }
            run.add(entry);
            total += entry.bytes.length;
            position = (position + entry.bytes.length) % LENGTH;
        }
    }

    private Entry entry(int position) {
        ByteBuffer header =
                ByteBuffer.wrap(file, LoggedVhdx.LOG + position, SECTOR).slice().order(ByteOrder.LITTLE_ENDIAN);
        int length = header.getInt(8);
        int count = header.getInt(24);
        int tail = header.getInt(12);
        byte[] guid = new byte[16];
        header.get(32, guid);
        if (header.getInt(0) != 0x65676F6C
                || length < SECTOR
                || length % SECTOR != 0
                || length >= LENGTH
                || tail < 0
                || tail % SECTOR != 0
                || tail >= LENGTH
                || header.getLong(16) == 0
                || count < 0
                || count > (length - 64) / 32
                || header.getInt(28) != 0
                || !Arrays.equals(guid, LoggedVhdx.GUID)) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int at = 0; at < length; at += SECTOR) {
            System.arraycopy(file, LoggedVhdx.LOG + (position + at) % LENGTH, bytes, at, SECTOR);
        }
        byte[] sealed = VhdxBuilder.seal(bytes.clone(), 0, length);
        Entry entry = new Entry(position, bytes);
        return Arrays.equals(sealed, bytes) && descriptorsAreSound(entry) ? entry : null;
    }

    private static boolean descriptorsAreSound(Entry entry) {
        ByteBuffer fields = entry.fields();
        int data = 0;
        for (int i = 0; i < fields.getInt(24); i++) {
            int at = 64 + 32 * i;
            boolean zero = fields.getInt(at) == 0x6F72657A;
            boolean sound = (zero ? fields.getLong(at + 8) % SECTOR == 0 : fields.getInt(at) == 0x63736564)
                    && fields.getLong(at + 16) % SECTOR == 0
                    && fields.getLong(at + 24) == entry.sequence();
            if (!sound) {
                return false;
            }
            data += zero ? 0 : 1;
        }
        if (data != entry.dataSectors()) {
            return false;
        }
        for (int at = entry.descriptorBytes(); at < entry.bytes.length; at += SECTOR) {
            if (fields.getInt(at) != 0x61746164
                    || fields.getInt(at + 4) != (int) (entry.sequence() >>> 32)
                    || fields.getInt(at + 4092) != (int) entry.sequence()) {
                return false;
            }
        }
        return true;
    }

    private static void apply(Entry entry, byte[] bat) {
        ByteBuffer fields = entry.fields();
        int sector = entry.descriptorBytes();
        for (int i = 0; i < fields.getInt(24); i++) {
            int at = 64 + 32 * i;
            long target = fields.getLong(at + 16) - LoggedVhdx.BAT;
            if (fields.getInt(at) == 0x6F72657A) {
                long end = Math.min(bat.length, target + fields.getLong(at + 8));
                for (long zero = Math.max(0, target); zero < end; zero++) {
                    bat[(int) zero] = 0;
                }
                continue;
            }
            if (target >= 0 && target < bat.length) {
                System.arraycopy(entry.bytes, at + 8, bat, (int) target, 8);
                System.arraycopy(entry.bytes, sector + 8, bat, (int) target + 8, 4084);
                System.arraycopy(entry.bytes, at + 4, bat, (int) target + 4092, 4);
            }
            sector += SECTOR;
        }
    }
}
