package io.varve.tools.option;

import io.varve.store.check.ReadRate;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.UsageException;
import picocli.CommandLine.Option;

/** How fast to read. */
public final class ReadRateOption {
    @Option(
            names = "--read-rate",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Read at most this much per second: 50M, 1GiB. Default: no limit.")
    private Long bytesPerSecond;

    public ReadRate rate() throws UsageException {
        if (bytesPerSecond == null) {
            return ReadRate.unlimited();
        }
        if (bytesPerSecond == 0) {
            throw new UsageException("--read-rate is a size above 0");
        }
        return ReadRate.of(bytesPerSecond);
    }
}
