package io.varve.bench;

import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Makes files for the benchmarks. */
final class ScatteredVhdx {
    private ScatteredVhdx() {}

    /** A dynamic VHDX in which {@code places} bytes at random places hold data, in random order in the file. */
    static Path write(Path file, long size, int blockSize, int places, SplittableRandom random) throws IOException {
        NewVhdx shape = NewVhdx.ofSize(size).withBlockSize(blockSize);
        try (DiskTarget target = VhdxTarget.create(file, shape, true)) {
            for (int i = 0; i < places; i++) {
                target.write(random.nextLong(size), ByteBuffer.wrap(new byte[] {1}));
            }
            target.commit();
        }
        return file;
    }

    /** Deletes a folder of files. */
    static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
    }
}
