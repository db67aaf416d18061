package io.varve.adapters.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Disk images that others wrote, in the folder named by the environment variable {@code VARVE_IMAGES}, else in
 * {@code ../shared/images} beside the project. Without it the tests that need it are skipped and say so.
 */
public final class SharedImages {
    private SharedImages() {}

    /**
     * A line of {@code images.tsv}.
     *
     * @param type {@code fixed}, {@code dynamic}, {@code differencing}, {@code VHDS}, {@code VHD …}
     * @param parent line of its parent, or {@code -}
     * @param log {@code clean}, {@code dirty} or {@code -}
     * @param contentHash SHA-256 of the disk's content, or {@code -}
     */
    public record Image(
            String file, String type, String size, String log, String parent, String contentHash, String expect) {
        public long bytes() {
            return Long.parseLong(size);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    static Path folder() {
        String named = System.getenv("VARVE_IMAGES");
        if (named != null) {
            return Path.of(named);
        }
        // Tests run in the module's folder.
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.exists(up.resolve("shared/images/images.tsv"))) {
                return up.resolve("shared/images");
            }
        }
        return Path.of("../../shared/images");
    }

    public static List<Image> all() throws IOException {
        Path list = folder().resolve("images.tsv");
        Assumptions.assumeTrue(Files.exists(list), "no image collection: set VARVE_IMAGES to its folder");
        return Files.readAllLines(list).stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .map(field -> new Image(field[0], field[1], field[2], field[4], field[5], field[7], field[8]))
                .collect(Collectors.toList());
    }

    public static Image named(String file) throws IOException {
        return all().stream()
                .filter(image -> image.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    /** Unpacks an image into {@code folder}, in the same subfolder as in the collection, zeros as holes. */
    public static Path unpack(Image image, Path folder) throws IOException {
        Path packed = folder().resolve(image.file() + ".gz");
        Path unpacked = folder.resolve(image.file());
        Files.createDirectories(unpacked.getParent());
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed), 1 << 16);
                RandomAccessFile out = new RandomAccessFile(unpacked.toFile(), "rw")) {
            long position = 0;
            byte[] piece = new byte[1 << 16];
            byte[] zeros = new byte[1 << 16];
            for (int count; (count = in.readNBytes(piece, 0, piece.length)) > 0; position += count) {
                if (Arrays.mismatch(piece, 0, count, zeros, 0, count) >= 0) {
                    out.seek(position);
                    out.write(piece, 0, count);
                }
            }
            out.setLength(position);
        }
        return unpacked;
    }
}
