package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.contract.VhdxLogWriter;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.fuzz.FuzzInput;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.VhdxHeader;
import io.varve.adapters.vhdx.log.LogReplay;
import io.varve.adapters.vhdx.log.ReplayedSource;
import io.varve.adapters.vhdx.read.VhdxLayout;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Logs whose entries the input describes, with right checksums where it likes; the replay is compared with a naive one.
 */
public final class VhdxLogFuzz {
    private static final LoggedVhdx IMAGE = new LoggedVhdx();
    private static final int MOST_STEPS = 60;

    private VhdxLogFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        FuzzInput input = new FuzzInput(data);
        VhdxLogWriter log =
                new VhdxLogWriter(IMAGE.file, LoggedVhdx.LOG, LoggedVhdx.LOG_LENGTH, LoggedVhdx.GUID.clone());
        for (int step = 0; step < MOST_STEPS && input.hasMore(); step++) {
            step(log, input);
        }
        log.write();
        try {
            judge();
        } finally {
            Arrays.fill(IMAGE.file, LoggedVhdx.LOG, LoggedVhdx.LOG + LoggedVhdx.LOG_LENGTH, (byte) 0);
        }
    }

    private static void step(VhdxLogWriter log, FuzzInput input) {
        int kind = input.u8();
        switch (kind % 12) {
            case 0, 1 ->
                log.data(
                        LoggedVhdx.target(input.u8() % LoggedVhdx.CELLS),
                        LoggedVhdx.page(input.u8() % LoggedVhdx.VALUES));
            case 2 -> log.zero(LoggedVhdx.target(input.u8() % LoggedVhdx.CELLS), 4096L * (input.u8() % 4));
            case 3, 4 -> log.write();
            case 5 -> log.data(input.value(), VhdxLogWriter.page(input.u8()));
            case 6 -> log.zero(input.value(), input.value());
            case 7 -> log.tail = input.u8() % 2 == 0 ? log.position : input.u8() * 4096;
            case 8 -> log.sequence += (byte) input.u8();
            case 9 -> {
                log.flushed = kind < 128 ? input.value() : 0;
                log.last = kind < 128 ? log.last : input.value();
            }
            case 10 -> log.position = (log.position + input.u8() * 4096) % LoggedVhdx.LOG_LENGTH;
            default -> {
                int at = LoggedVhdx.LOG + (log.entryAt + input.u16() % 16384) % LoggedVhdx.LOG_LENGTH;
                IMAGE.file[at] = (byte) input.u8();
                if (kind < 128) {
                    VhdxBuilder.seal(IMAGE.file, LoggedVhdx.LOG + log.entryAt, 4096);
                }
            }
        }
    }

    private static void judge() throws IOException {
        MemoryByteSource source = new MemoryByteSource(IMAGE.file);
        VhdxCheckTest.agree(source, "fuzzed");
        VhdxHeader header = HeaderPair.read(source).current();
        ReplayedSource replayed;
        try {
            replayed =
                    LogReplay.run(source, header, VhdxLayout.log(source, header).orElseThrow());
        } catch (CorruptDataException | UnsupportedImageException e) {
            return;
        }
        byte[] expected = new NaiveLog(IMAGE.file).bat();
        assertNotNull(expected, "there is nothing to replay");
        ByteBuffer found = ByteBuffer.allocate(expected.length);
        replayed.read(LoggedVhdx.BAT, found);
        assertArrayEquals(expected, found.array());
    }
}
