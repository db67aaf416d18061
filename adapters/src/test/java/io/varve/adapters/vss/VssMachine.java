package io.varve.adapters.vss;

import io.varve.adapters.contract.SteppedCheckpoint;
import io.varve.adapters.vhd.NewVhd;
import io.varve.adapters.vhd.VhdTarget;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.source.CheckpointSourceContract;
import io.varve.engine.source.Steps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A machine of a host with VSS; its one disk is a VHD of fixed size, so its content is where the file begins. */
abstract class VssMachine implements CheckpointSourceContract.Machine {
    static final int SIZE = 64 << 10;

    private final Path file;
    private final byte[] content = new byte[SIZE];

    /** @param folder of the machine, which exists */
    VssMachine(Path folder) throws IOException {
        this.file = folder.resolve("system.vhd");
        try (DiskTarget target = VhdTarget.create(file, NewVhd.ofSize(SIZE).asFixed(), false)) {
            target.write(0, ByteBuffer.wrap(content));
            target.commit();
        }
    }

    /** What a new process has. */
    abstract CheckpointSource newSource() throws IOException;

    /** The process is gone, and no more is said to its worker; what it read has been closed. */
    abstract void processDies() throws IOException;

    @Override
    public final CheckpointSource source(Steps steps) {
        return previous -> {
            steps.step();
            Checkpoint taken = newSource().take(previous);
            return new SteppedCheckpoint(taken, steps, () -> {
                for (CheckpointDisk disk : taken.disks()) {
                    disk.image().close();
                }
                processDies();
            });
        };
    }

    @Override
    public final void write(SplittableRandom random) {
        byte[] written = new byte[1 + random.nextInt(9000)];
        random.nextBytes(written);
        int offset = random.nextInt(SIZE - written.length);
        System.arraycopy(written, 0, content, offset, written.length);
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.seek(offset);
            disk.write(written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public final byte[] disk() {
        return content.clone();
    }
}
