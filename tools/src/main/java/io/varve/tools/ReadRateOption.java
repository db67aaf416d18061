package io.varve.tools;

import io.varve.store.check.ReadRate;
import picocli.CommandLine.Option;

/** How fast may be read. */
final class ReadRateOption {
    @Option(
            names = "--read-rate",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Read no more than this per second: 50M, 1GiB. Default: as fast as it goes.")
    private Long bytesPerSecond;

    ReadRate rate() throws UsageException {
        if (bytesPerSecond == null) {
            return ReadRate.unlimited();
        }
        if (bytesPerSecond == 0) {
            throw new UsageException("--read-rate is a size above 0");
        }
        return ReadRate.of(bytesPerSecond);
    }
}
