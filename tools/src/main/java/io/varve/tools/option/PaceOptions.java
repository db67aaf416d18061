package io.varve.tools.option;

import io.varve.engine.Pace;
import io.varve.store.check.ReadRate;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.UsageException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast to read and write. */
public final class PaceOptions {
    @Mixin
    private ReadRateOption read;

    @Option(
            names = "--write-rate",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "Write at most this much per second: 50M, 1GiB. Default: no limit.")
    private Long writeBytesPerSecond;

    public Pace pace() throws UsageException {
        if (writeBytesPerSecond != null && writeBytesPerSecond == 0) {
            throw new UsageException("--write-rate is a size above 0");
        }
        return new Pace(
                read.rate(), writeBytesPerSecond == null ? ReadRate.unlimited() : ReadRate.of(writeBytesPerSecond));
    }
}
