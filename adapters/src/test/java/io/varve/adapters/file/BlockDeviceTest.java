package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.Program;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loop device, where this system lets the test make one. */
class BlockDeviceTest {
    @TempDir
    Path folder;

    @Test
    void bothReadersReadBlockDevices() throws IOException {
        byte[] content = new byte[3 << 20];
        new SplittableRandom(4).nextBytes(content);
        Path file = Files.write(folder.resolve("backing"), content);
        Program.Result made = Program.run("losetup", "--find", "--show", "--read-only", file.toString());
        Assumptions.assumeTrue(made.exitCode() == 0, "no loop device can be made here: " + made.output());
        Path device = Path.of(made.output().strip());
        try {
            assertTrue(BlockDevice.isDevice(device));
            for (Reader reader : Reader.values()) {
                try (ByteSource source = ByteSources.open(device, reader)) {
                    assertEquals(content.length, source.size());
                    ByteBuffer target = ByteBuffer.allocate(70_000);
                    source.read(content.length - 70_000, target);
                    assertArrayEquals(
                            Arrays.copyOfRange(content, content.length - 70_000, content.length), target.array());
                    assertThrows(EOFException.class, () -> source.read(content.length, ByteBuffer.allocate(1)));
                    assertEquals(
                            content.length,
                            source.dataRanges(new Range(0, 1L << 40)).totalLength());
                }
            }
        } finally {
            Program.run("losetup", "--detach", device.toString());
        }
    }
}
