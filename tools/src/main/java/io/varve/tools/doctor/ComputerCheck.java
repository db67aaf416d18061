package io.varve.tools.doctor;

import io.varve.adapters.DiskImages;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.port.ByteSource;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.chunk.Compression;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.fault.Reason;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.option.DiskArguments;
import io.varve.tools.option.ShareServers;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Scratch;
import io.varve.tools.output.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** Checks of this computer alone. */
final class ComputerCheck {
    private static final long LEAST_CACHE = 256L << 20;
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(2);
    private static final int DISK = 2 << 20;

    private final List<Finding> findings = new ArrayList<>();

    List<Finding> run() {
        findings.add(Finding.ok("version", "Varve " + Version.number()));
        java();
        Path scratch;
        try {
            Path cache = CacheDirectory.make();
            cache(cache);
            scratch = CacheDirectory.make("doctor-" + UUID.randomUUID());
        } catch (IOException e) {
            findings.add(Finding.error(
                    "cache",
                    "cache directory " + CacheDirectory.path() + ": " + Reason.of(e),
                    "make it writable, or choose another one with VARVE_CACHE"));
            return findings;
        }
        try {
            selfTest(scratch);
        } finally {
            try {
                Scratch.delete(scratch);
            } catch (IOException e) {
                findings.add(Finding.warning("cache", scratch + " is left: " + Reason.of(e), "delete it"));
            }
        }
        return findings;
    }

    private void java() {
        Runtime runtime = Runtime.getRuntime();
        String text = "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", " + runtime.availableProcessors() + " processors, heap of "
                + ByteSize.text(runtime.maxMemory());
        findings.add(
                runtime.maxMemory() < 200L << 20
                        ? Finding.warning("java", text, "give it 256 MiB: VARVE_JAVA_OPTS=-Xmx256m")
                        : Finding.ok("java", text));
    }

    private void cache(Path cache) throws IOException {
        long free = Files.getFileStore(cache).getUsableSpace();
        String text = "cache directory " + cache + ", " + ByteSize.text(free) + " free";
        findings.add(
                free < LEAST_CACHE
                        ? Finding.warning("cache", text, "make room, or choose another one with VARVE_CACHE")
                        : Finding.ok("cache", text));
        findings.add(clock("clock", cache));
    }

    /** Compares this computer's clock with the time that a file system gives a new file. */
    static Finding clock(String code, Path directory) throws IOException {
        Instant now = Instant.now();
        Path file = Files.createTempFile(directory, "doctor-", ".tmp");
        try {
            Duration off = Duration.between(now, Files.getLastModifiedTime(file).toInstant());
            String text = "clock says " + now.toString().substring(0, 19) + "Z";
            return off.abs().compareTo(CLOCK_TOLERANCE) > 0
                    ? Finding.warning(
                            code,
                            text + ", but a new file in " + directory + " is of " + Files.getLastModifiedTime(file),
                            "set both computers' clocks by NTP: retention by days rests on the times in snapshots")
                    : Finding.ok(code, text + ", as does the file system of " + directory);
        } finally {
            Files.delete(file);
        }
    }

    /** Backs up to a small encrypted repository, which loads and uses every native library. */
    private void selfTest(Path scratch) {
        long begun = System.nanoTime();
        try {
            byte[] content = new byte[DISK];
            new Random(1).nextBytes(content);
            java.util.Arrays.fill(content, 0, DISK / 2, (byte) 'v');
            Path disk = Files.write(scratch.resolve("disk.raw"), content);
            night(scratch, disk);
            long millis = (System.nanoTime() - begun) / 1_000_000;
            findings.add(Finding.ok(
                    "libraries",
                    "native libraries work: a test repository was written and checked in " + millis + " ms"));
            pageCache(disk);
        } catch (IOException | LinkageError | RuntimeException e) {
            findings.add(Finding.error(
                    "libraries",
                    "a test repository in " + scratch + " failed: "
                            + (e instanceof IOException io ? Reason.of(io) : e.toString()),
                    "the cache directory must allow execution (no noexec), and this platform must be one that Varve"
                            + " ships libraries for; 'varve bench' says more"));
        }
    }

    private static void night(Path scratch, Path disk) throws IOException {
        Output silent = new Output(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), false);
        RepositoryConfig config = new RepositoryConfig(
                UUID.randomUUID(),
                65_536,
                1 << 20,
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                true);
        Cancellation cancellation = new Cancellation();
        try (Credential key = Credential.newKeyFile(scratch.resolve("key"));
                Repository repository = Repository.initEncrypted(
                        new Folder(scratch.resolve("repository")), config, key, "doctor", Argon2.DEFAULT)) {
            DiskArguments disks = new DiskArguments(
                    List.of("disk=" + disk),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    false,
                    Optional.empty(),
                    ShareServers.ofEnvironment());
            for (Compression compression : List.of(Compression.LZ4, Compression.zstd(3))) {
                BackupOptions options = new BackupOptions(
                        1, BackupOptions.DEFAULT_RUN_SIZE, -1, 1, compression, Pace.UNLIMITED, 1, false, Set.of());
                MachineBackup.Request request = new MachineBackup.Request(
                        "doctor-" + compression.hashCode(),
                        disks,
                        List.of(),
                        Reader.AUTO,
                        new ParentSearch(List.of(), false),
                        options,
                        Optional.empty());
                new MachineBackup(repository, Duration.ofSeconds(30), cancellation).run(request, silent);
            }
            var report = new Fsck(repository, FsckOptions.of(FsckOptions.Level.DEEP, 1), new Silent()).run();
            if (report.hasErrors() || report.chunks() == 0) {
                throw new IOException("fsck found " + report.findings());
            }
            // This computer's memory of the repository is stored outside of it.
            Files.deleteIfExists(repository.home().seenFile());
            Files.deleteIfExists(repository.home().headsFile());
            Files.deleteIfExists(repository.home().commitsFile());
        }
        DiskImages.open(disk, Reader.MAPPED).close();
    }

    private static final class Silent implements FsckListener {
        @Override
        public void phase(String name, long total) {}

        @Override
        public void advanced(long units) {}

        @Override
        public void found(io.varve.store.check.Finding finding) {}
    }

    private void pageCache(Path disk) {
        try (ByteSource source = ByteSources.open(disk, Reader.UNCACHED)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
            source.read(0, buffer.limit(4096));
            findings.add(Finding.ok("page-cache", "reading past the page cache works in " + disk.getParent()));
        } catch (IOException e) {
            findings.add(Finding.ok(
                    "page-cache",
                    "reading past the page cache does not work in " + disk.getParent() + " (" + Reason.of(e)
                            + "): backups read through it"));
        }
    }
}
