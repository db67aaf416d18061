package io.varve.adapters.hyperv;

import io.varve.adapters.DiskDifference;
import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.PlainFile;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.Count;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The host writes the checkpoint's disks into a folder that this computer sees, too (reading way {@code export}). For
 * hosts whose own folders must not be shared.
 *
 * <p>After the first night the export is differential: the host writes what changed since the previous reference point,
 * as differencing disks. Such a file is the change list, and the rest of its blocks comes from the previous snapshot.
 * It is compared with the list that the host's image service gives, and replaced by a full export if it holds less.
 * Nothing else can check it, so at least every fourteenth export is full.
 */
public final class ExportReading implements DiskReading {
    /** Differential exports between two full ones. */
    static final int MOST_IN_A_ROW = 13;

    private static final String IN_A_ROW = "exports=";
    private static final String DUE = "export-full-due";
    private static final String INCOMPLETE = "export-incomplete";
    private static final String FAILED = "export-failed";
    private static final String UNFINISHED = "export-unfinished";
    private static final Changes.Unknown WHOLE = new Changes.Unknown(
            "export-whole", "the host exported the whole disk, although only changes were requested");

    /** Tables, and the configuration with its saved memory pages. */
    private static final long OVERHEAD = 64L << 20;

    private final HyperV host;
    private final Target target;
    private final EarlierContent earlier;
    private final HyperVWords words;
    private final Cancellation cancellation;
    private Optional<ExportFolder> folder = Optional.empty();
    private Optional<ExportPlan> plan = Optional.empty();
    private Map<UUID, Path> files = Map.of();
    private final int mostInARow;
    private int inARow;

    /**
     * Where to.
     *
     * @param folder path on the host of a folder: on one of its drives, or on a share that its computer account may
     *     write to
     * @param paths where this computer finds it
     * @param journal of the machine
     */
    public record Target(String folder, HostPaths paths, Journal journal) {}

    public ExportReading(
            HyperV host, Target target, EarlierContent earlier, HyperVWords words, Cancellation cancellation) {
        this(host, target, earlier, words, cancellation, MOST_IN_A_ROW);
    }

    /** @param mostInARow differential exports between two full ones */
    ExportReading(
            HyperV host,
            Target target,
            EarlierContent earlier,
            HyperVWords words,
            Cancellation cancellation,
            int mostInARow) {
        this.mostInARow = mostInARow;
        this.host = host;
        this.target = target;
        this.earlier = earlier;
        this.words = words;
        this.cancellation = cancellation;
    }

    @Override
    public void begin(Frozen frozen) throws IOException {
        int before = frozen.before()
                .filter(state -> state.matches(IN_A_ROW + "\\d{1,3}"))
                .map(state -> Integer.parseInt(state.substring(IN_A_ROW.length())))
                .orElse(0);
        ExportPlan wanted = ExportPlan.of(host, frozen);
        if (wanted.isDifferential() && before >= mostInARow) {
            wanted = wanted.full(Changes.Unknown.planned(
                    DUE,
                    "the last " + Count.of(before, "export") + " held only changes, which are verified only"
                            + " by a full export"));
        }
        if (wanted.isDifferential() && target.journal().differentialIsUnfinished()) {
            wanted = wanted.full(UNFINISHED, "the last differential export did not end in a snapshot");
        }
        if (wanted.isDifferential()) {
            target.journal().differentialBegins();
            Optional<Changes.Unknown> objection = differential(frozen, wanted);
            if (objection.isPresent()) {
                words.warnings()
                        .accept(
                                objection.get().code(),
                                "the differential export is not used: "
                                        + objection.get().reason());
                remove();
                wanted = wanted.full(objection.get().code(), objection.get().reason());
            }
        }
        if (!wanted.isDifferential()) {
            export(frozen, wanted);
        }
        inARow = wanted.isDifferential() ? before + 1 : 0;
    }

    /** Exports what changed. Returns why that cannot be used; a full export then replaces it. */
    private Optional<Changes.Unknown> differential(Frozen frozen, ExportPlan wanted) throws IOException {
        try {
            export(frozen, wanted);
            return lacking(wanted).map(reason -> new Changes.Unknown(INCOMPLETE, reason));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            cancellation.check(); // the host ends the job in its own way
            return Optional.of(new Changes.Unknown(FAILED, e.getMessage()));
        }
    }

    private void export(Frozen frozen, ExportPlan wanted) throws IOException {
        plan = Optional.of(wanted);
        ExportFolder made = ExportFolder.make(
                target.folder(), target.paths(), frozen.checkpoint().machine(), target.journal());
        folder = Optional.of(made);
        long needed = wanted.bytes() + OVERHEAD;
        if (made.room() < needed) {
            throw new IOException(target.folder() + ": the export needs about " + needed + " bytes, but only "
                    + made.room() + " are free; give another folder for exports");
        }
        words.steps()
                .accept(
                        wanted.isDifferential()
                                ? "exporting what changed into " + made.host()
                                : "exporting all disks into " + made.host());
        try {
            host.export(
                    frozen.checkpoint(),
                    wanted.base(),
                    made.host(),
                    cancellation::isRequested,
                    target.journal().exportJob()::write);
            target.journal().exportJob().clear();
        } catch (HyperVException e) {
            target.journal().exportJob().clear(); // it has ended
            throw e;
        } finally {
            cancellation.check(); // a job that was told to stop has failed
        }
        files = leaves(made.disks());
    }

    /** The file of each disk. Where the host exported a chain, the last one, which is not a parent. */
    private static Map<UUID, Path> leaves(List<Path> disks) throws IOException {
        Map<UUID, List<Path>> byId = new HashMap<>();
        for (Path disk : disks) {
            byId.computeIfAbsent(id(disk), none -> new ArrayList<>()).add(disk);
        }
        Map<UUID, Path> leaves = new HashMap<>();
        for (Map.Entry<UUID, List<Path>> entry : byId.entrySet()) {
            leaves.put(
                    entry.getKey(),
                    entry.getValue().size() == 1 ? entry.getValue().get(0) : deepest(entry.getValue()));
        }
        return leaves;
    }

    private static UUID id(Path disk) throws IOException {
        return DiskDifference.id(disk)
                .orElseThrow(() -> new IOException(disk + ": the exported disk has no id to recognize it by"));
    }

    private static Path deepest(List<Path> files) throws IOException {
        Map<Integer, Path> byDepth = new HashMap<>();
        int most = 0;
        for (Path file : files) {
            try (DiskImage image = whole(file)) {
                int depth = DiskImages.files(image).size();
                if (byDepth.put(depth, file) != null) {
                    throw new IOException(file + ": expected one chain of files for a disk, found several");
                }
                most = Math.max(most, depth);
            }
        }
        return byDepth.get(most);
    }

    private static DiskImage whole(Path file) throws IOException {
        return DiskImages.open(file, SourceFormat.AUTO, Reader.AUTO, ParentSearch.sameFolder());
    }

    /** Why a differential export cannot hold everything that changed; empty if no fault is found. */
    private Optional<String> lacking(ExportPlan wanted) throws IOException {
        for (ExportPlan.Disk disk : wanted.disks()) {
            Path file = files.get(disk.id());
            if (file == null || !DiskDifference.isOne(file)) {
                continue; // reported when it is opened; or exported in full
            }
            RangeSet listed = disk.changed().orElseThrow();
            try (DiskDifference image = layer(disk, file)) {
                RangeSet missing = listed.minus(image.held());
                if (!missing.isEmpty()) {
                    return Optional.of(file.getFileName() + " lacks " + missing.totalLength()
                            + " bytes that the host lists as changed, the first at "
                            + missing.iterator().next().offset());
                }
            }
        }
        return Optional.empty();
    }

    private DiskDifference layer(ExportPlan.Disk disk, Path file) throws IOException {
        DiskImage below = earlier.open(plan.orElseThrow().snapshotId(), disk.id());
        try {
            return DiskDifference.open(file, below);
        } catch (IOException | RuntimeException e) {
            try {
                below.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    @Override
    public Optional<String> state() {
        return Optional.of(IN_A_ROW + inARow);
    }

    @Override
    public Opened open(CheckpointedDisk wanted) throws IOException {
        ExportPlan.Disk disk = plan.orElseThrow().disk(wanted);
        Path file = Optional.ofNullable(files.get(disk.id()))
                .orElseThrow(() -> new IOException("the host exported no file for disk " + disk.id() + " ("
                        + wanted.file() + ") into " + folder.orElseThrow().host()));
        if (!DiskDifference.isOne(file)) {
            return new Opened(
                    whole(file),
                    new Whole(plan.get().isDifferential() ? WHOLE : plan.get().why()));
        }
        if (!plan.get().isDifferential()) {
            return new Opened(whole(file), new Whole(plan.get().why())); // a chain, with its parents beside it
        }
        DiskDifference image = layer(disk, file);
        return new Opened(image, new Difference(image));
    }

    @Override
    public boolean isThere(String path) {
        return true; // this computer does not look at the machine's own files
    }

    @Override
    public List<CheckpointFile> configuration(String path) throws IOException {
        List<CheckpointFile> found = new ArrayList<>();
        for (Path file : folder.orElseThrow().configuration()) {
            found.add(new PlainFile(file.getFileName().toString(), file));
        }
        return found;
    }

    @Override
    public void committed() throws IOException {
        target.journal().differentialIsDone();
    }

    @Override
    public void end() throws IOException {
        remove();
    }

    private void remove() throws IOException {
        if (folder.isPresent()) {
            ExportFolder made = folder.get();
            folder = Optional.empty();
            made.remove();
        }
    }

    /** Of a disk that was exported whole. */
    private record Whole(Changes.Unknown why) implements ChangeTracker {
        @Override
        public Changes changesSince(String token) {
            return why;
        }

        @Override
        public Optional<String> token() {
            return Optional.empty();
        }
    }

    /** Of a differencing disk: what it holds has changed. */
    private record Difference(DiskDifference image) implements ChangeTracker {
        @Override
        public Changes changesSince(String token) throws IOException {
            return new Changes.Known(image.held());
        }

        @Override
        public Optional<String> token() {
            return Optional.empty();
        }

        @Override
        public boolean readsUnchanged() {
            return false;
        }
    }
}
