package io.varve.tools.option;

import io.varve.store.chunk.Compression;
import io.varve.tools.output.UsageException;
import picocli.CommandLine.Option;

/** How new blocks are compressed. */
public final class CompressionOption {
    private static final String ZSTD = "zstd";
    private static final int DEFAULT_LEVEL = 3;

    @Option(
            names = "--compression",
            paramLabel = "HOW",
            defaultValue = "lz4",
            description = "lz4, zstd, zstd:LEVEL (1 to 19, default 3) or none, for new blocks; stored blocks"
                    + " stay as they are. Earlier builds of Varve cannot read zstd. Default:"
                    + " ${DEFAULT-VALUE}.")
    private String how;

    public Compression compression() throws UsageException {
        switch (how) {
            case "lz4":
                return Compression.LZ4;
            case "none":
                return Compression.NONE;
            case ZSTD:
                return Compression.zstd(DEFAULT_LEVEL);
            default:
                return Compression.zstd(level());
        }
    }

    private int level() throws UsageException {
        if (how.startsWith(ZSTD + ":")) {
            try {
                int level = Integer.parseInt(how.substring(ZSTD.length() + 1));
                if (level >= 1 && level <= Compression.MAX_LEVEL) {
                    return level;
                }
            } catch (NumberFormatException e) {
                // Reported below.
            }
        }
        throw new UsageException(
                "--compression is lz4, zstd, zstd:1 to zstd:" + Compression.MAX_LEVEL + " or none, not " + how);
    }
}
