package io.varve.tools.command;

import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.adapters.virtdisk.VirtualDisk;
import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.LocalDisks;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The base of commands that ask Windows about one disk. */
abstract class RctDiskCommand extends CommonOptions {
    @Parameters(paramLabel = "DISK", description = "The VHDX, on this computer.")
    private Path file;

    Path file() {
        return file;
    }

    /** What is done before the disk is opened; its failures are not those of the disk. */
    void prepare(Output output) throws IOException {
        // most commands have nothing to prepare
    }

    VirtualDisk open(Virtdisk virtdisk) throws IOException {
        return virtdisk.openToAsk(file);
    }

    @Override
    public final void run(Output output, Cancellation cancellation) throws IOException {
        prepare(output);
        try {
            Virtdisk virtdisk = LocalDisks.load(cancellation);
            virtdisk.freeLeft(output::notice);
            try (VirtualDisk disk = open(virtdisk)) {
                run(disk, output, cancellation);
            }
        } catch (UsageException | RefusedException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
    }

    abstract void run(VirtualDisk disk, Output output, Cancellation cancellation) throws IOException;
}
