package io.varve.tools.bench;

import io.varve.engine.Cancellation;
import io.varve.engine.port.SourceException;
import io.varve.store.fault.Reason;
import io.varve.tools.document.BenchDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.CommonOptions;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.ThreadsOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Scratch;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure Varve on this computer, next to the limits of its hardware.",
            "",
            "Runs in a temporary repository below DIR, which is removed at the end: a full"
                    + " backup, an incremental one with 1 %% changed blocks, restore, fsck --read-data and"
                    + " gc. Measured in the same run are the limits: writing and reading in DIR, and"
                    + " SHA-256, LZ4, decoding and copying in memory, on one core and on all. Use an idle"
                    + " machine and, to measure the disks, more data than memory."
        },
        footer = {
            "",
            "  varve bench --repo-dir /backup --synthetic 16GiB",
            "  varve bench --repo-dir /backup --disk vm.vhdx"
        })
@Prints(BenchDocument.class)
public final class BenchCommand extends CommonOptions {
    private static final String PREFIX = "varve-bench-";

    @Option(
            names = "--repo-dir",
            required = true,
            paramLabel = "DIR",
            description = "An existing directory on the storage to measure; not a repository.")
    private Path directory;

    @ArgGroup(multiplicity = "1")
    private Source source;

    static final class Source {
        @Option(names = "--disk", paramLabel = "FILE", description = "A disk to back up, as for 'varve backup'.")
        private Path disk;

        @Option(
                names = "--synthetic",
                paramLabel = "SIZE",
                description = "Or generate a disk of this size in DIR: half compressible, a quarter"
                        + " incompressible, a quarter holes.")
        private Long synthetic;
    }

    @Option(names = "--encrypt", description = "Measure an encrypted repository.")
    private boolean encrypt;

    @Option(
            names = "--limit-millis",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How long each limit is measured. Default: ${DEFAULT-VALUE}.")
    private int limitMillis;

    @Mixin
    private ThreadsOption threads;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return "the temporary repository was removed";
    }

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        Path parent = directory.toAbsolutePath().normalize();
        check(parent, output);
        int workers = threads.count();
        long size = source.synthetic == null ? 0 : source.synthetic;
        if (source.synthetic != null) {
            BenchDisk.checkSize(size);
        }
        long limitFile = BenchSpace.check(parent, source.synthetic == null ? 2 * dataSize(source.disk) : 3 * size);
        Path work = Files.createTempDirectory(parent, PREFIX);
        try {
            output.notice("working in " + work);
            Path disk = source.disk;
            if (disk == null) {
                output.notice("making a disk of " + ByteSize.text(size));
                disk = BenchDisk.write(work.resolve("disk.raw"), size, cancellation);
            }
            BenchLimits limits;
            try (BenchSample sample = BenchSample.of(disk)) {
                output.notice("measuring limits");
                limits = BenchLimits.measure(work, sample, encrypt, workers, limitFile, limitMillis, cancellation);
            }
            List<BenchStep> steps =
                    new BenchSteps(work.resolve("repo"), disk, encrypt, workers, output, cancellation).run();
            new BenchReport(limits, steps, workers).print(output);
        } finally {
            Scratch.delete(work);
        }
    }

    private static long dataSize(Path disk) throws SourceException {
        try {
            return BenchDisk.dataSize(disk);
        } catch (IOException e) {
            throw new SourceException(Reason.of(e), e);
        }
    }

    private void check(Path parent, Output output) throws IOException {
        if (!Files.isDirectory(parent)) {
            throw new UsageException(parent + ": no such directory");
        }
        Optional<Path> repository = OutputPath.repositoryAbove(parent);
        if (repository.isPresent()) {
            throw new UsageException(
                    repository.get() + " is a repository: give a directory beside it; nothing was done");
        }
        if (limitMillis < 1) {
            throw new UsageException("--limit-millis must be at least 1, not " + limitMillis);
        }
        if (source.disk != null && !Files.exists(source.disk)) {
            throw new UsageException(source.disk + ": no such file");
        }
        try (var left = Files.newDirectoryStream(parent, PREFIX + "*")) {
            left.forEach(path -> output.notice("left by a killed run, or in use now: " + path));
        }
    }
}
