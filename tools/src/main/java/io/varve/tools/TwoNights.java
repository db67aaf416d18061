package io.varve.tools;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What the class archive is made of: a process that runs the commands of two nights, on a small disk and in a
 * repository of its own. See {@link ClassArchive}.
 */
final class TwoNights {
    private static final int DISK = 4 << 20;
    private static final int BLOCK = 64 << 10;

    private TwoNights() {}

    /** @param arguments an empty directory; the caller deletes it */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        String repository = directory.resolve("repository").toString();
        Path disk = directory.resolve("disk.raw");
        Path changes = directory.resolve("changes.json");
        SplittableRandom random = new SplittableRandom(1);
        write(disk, 0, DISK / 2, random);
        run("init", "-r", repository);
        run("backup", "-r", repository, "--machine", "m", "--token", "0", "disk=" + disk);
        write(disk, BLOCK, 3 * BLOCK, random);
        Files.writeString(changes, "[{\"offset\": " + BLOCK + ", \"length\": " + 3 * BLOCK + "}]");
        run(
                "backup",
                "-r",
                repository,
                "--machine",
                "m",
                "--since",
                "0",
                "--token",
                "1",
                "--changes",
                changes.toString(),
                "disk=" + disk);
        run("snapshots", "-r", repository);
    }

    private static void write(Path disk, long offset, int length, SplittableRandom random) throws IOException {
        byte[] content = new byte[length];
        random.nextBytes(content);
        Arrays.fill(content, 0, length / 2, (byte) 'v');
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(DISK);
            file.seek(offset);
            file.write(content);
        }
    }

    private static void run(String... arguments) {
        PrintWriter nobody = new PrintWriter(Writer.nullWriter());
        Varve.execute(nobody, nobody, arguments);
    }
}
