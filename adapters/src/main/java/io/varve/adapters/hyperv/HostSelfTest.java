package io.varve.adapters.hyperv;

import io.varve.adapters.rct.ChangePage;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Checks on a real host what backups rely on, with a machine that it creates and removes: a scratch disk goes through
 * checkpoints, reference points, change lists and exports. No other machine is touched.
 */
public final class HostSelfTest {
    private static final long SIZE = 64L << 20;
    private static final int LOOKS = 120;
    private static final String YES = "yes";
    private static final String NAME = "varve-selftest-";

    private final HyperV host;
    private final MachineMaking making;
    private final String folder;
    private final Path here;
    private final BooleanSupplier stop;
    private final Consumer<String> steps;
    private final List<Answer> answers = new ArrayList<>();
    private Optional<UUID> machine = Optional.empty();

    /**
     * One question.
     *
     * @param expected empty where any answer is fine
     */
    public record Answer(String question, String expected, String found) {
        /** Whether it is as expected. */
        public boolean isExpected() {
            return expected.isEmpty() || expected.equals(found);
        }
    }

    /**
     * @param parent path on the host of a folder for scratch files
     * @param paths where this computer finds it
     * @param stop whether the operator wants it stopped
     * @param steps told what is being done
     */
    public HostSelfTest(HyperV host, String parent, HostPaths paths, BooleanSupplier stop, Consumer<String> steps)
            throws IOException {
        this.host = host;
        this.making = new MachineMaking(host);
        this.folder = HostPaths.join(parent, NAME + UUID.randomUUID().toString().substring(0, 8));
        this.here = paths.here(folder);
        this.stop = stop;
        this.steps = steps;
    }

    /**
     * Runs it.
     *
     * @throws IOException when it could not be finished; what was made is removed, and what cannot be removed is named
     */
    public List<Answer> run() throws IOException {
        Files.createDirectory(here);
        IOException failure = null;
        try {
            ask();
        } catch (IOException e) {
            failure = e;
        }
        try {
            remove();
        } catch (IOException e) {
            IOException left = new IOException(
                    (failure == null ? "" : Reason.of(failure) + ". ") + "Left at host " + host.host()
                            + ": machine " + machine.map(UUID::toString).orElse("(none)") + " called "
                            + HostPaths.name(folder) + ", or files in " + folder + "; remove them by hand: "
                            + Reason.of(e),
                    e);
            if (failure != null) {
                left.addSuppressed(failure);
            }
            throw left;
        }
        if (failure != null) {
            throw failure;
        }
        return List.copyOf(answers);
    }

    private void answer(String question, String expected, String found) {
        answers.add(new Answer(question, expected, found));
    }

    private static String yes(boolean is) {
        return is ? YES : "no";
    }

    private void ask() throws IOException {
        steps.accept("creating machine " + HostPaths.name(folder) + ", which stays off");
        UUID id = making.define(HostPaths.name(folder), folder);
        machine = Optional.of(id);
        String disk = HostPaths.join(folder, "scratch.vhdx");
        making.makeDisk(disk, SIZE);
        making.attach(id, disk);
        VirtualMachine made = host.machines().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new HyperVException(0, host.host() + ": the machine that was just created is gone"));
        answer("state of a machine that was never started", "off", made.stateWord());
        answer("configuration version", "", made.version());
        answer("disks of the machine", "1", "" + host.liveDisks(id).size());
        DiskSettings settings = host.settings(disk);
        answer("a VHDX has an id", YES, yes(settings.id().isPresent()));
        answer("size of the disk", "" + SIZE, "" + settings.size());

        ReferencePoint first = night(id, Optional.empty());
        ReferencePoint second = night(id, Optional.of(first));
        steps.accept("removing the reference points");
        host.destroy(first);
        answer("reference points after one of two was removed", "1", "" + count(id));
        host.destroy(second);
        answer("reference points after both were removed", "0", "" + count(id));
    }

    private int count(UUID id) throws IOException {
        return host.referencePoints(id).size();
    }

    private void check() throws IOException {
        if (stop.getAsBoolean()) {
            throw new InterruptedIOException("stopped on request");
        }
    }

    private ReferencePoint night(UUID id, Optional<ReferencePoint> base) throws IOException {
        check();
        String which = base.isEmpty() ? "first" : "second";
        steps.accept("taking the " + which + " checkpoint");
        HostCheckpoint checkpoint = host.takeCheckpoint(id, true, seen -> {});
        List<CheckpointedDisk> disks = host.disks(checkpoint);
        CheckpointedDisk live = host.liveDisks(id).get(0);
        answer(which + " checkpoint: its disks", "1", "" + disks.size());
        answer(
                which + " checkpoint: it names a configuration file",
                YES,
                yes(checkpoint.configurationFile().isPresent()));
        CheckpointedDisk frozen = disks.get(0);
        answer(
                which + " checkpoint: the machine writes to another file",
                YES,
                yes(!HostPaths.isSame(frozen.file(), live.file())));
        answer(
                which + " checkpoint: places agree with the machine's",
                YES,
                yes(frozen.place().equals(live.place())));
        if (base.isPresent()) {
            changes(frozen, base.get());
        }
        export(which, checkpoint, base);
        steps.accept("converting the " + which + " checkpoint");
        ReferencePoint point = host.convert(checkpoint);
        answer(which + " reference point: fault", "none", point.fault().orElse("none"));
        answer(
                which + " reference point: change id of the disk",
                "",
                point.changeId(frozen).orElse("none"));
        answer(
                which + " reference point: disks are called as in the checkpoint",
                YES,
                yes(Leftovers.isFrom(point, checkpoint.id())));
        answer(
                which + " checkpoint after the conversion",
                "gone",
                host.checkpoints(id).isEmpty() ? "gone" : "there");
        merged(which, id);
        return point;
    }

    private void changes(CheckpointedDisk frozen, ReferencePoint base) throws IOException {
        Optional<String> since = base.changeId(frozen);
        if (since.isEmpty()) {
            return;
        }
        try {
            ChangePage page = host.changes(frozen, since.get(), 0, SIZE);
            answer("changes of an idle disk: processed", "" + SIZE, "" + page.processed());
            answer("changes of an idle disk: ranges", "0", "" + page.ranges().size());
        } catch (HyperVException e) {
            answer("changes of an idle disk", "a list", e.getMessage());
        }
        try {
            host.changes(frozen, since.get() + "x", 0, SIZE);
            answer("changes since an invalid id", "an error", "a list");
        } catch (HyperVException e) {
            answer("changes since an invalid id", "", e.getMessage()); // its number is in the words
        }
    }

    private void export(String which, HostCheckpoint checkpoint, Optional<ReferencePoint> base) throws IOException {
        check();
        String target = HostPaths.join(folder, "export-" + which);
        Path targetHere = Files.createDirectory(here.resolve("export-" + which));
        steps.accept("exporting the " + which + " checkpoint");
        try {
            host.export(checkpoint, base, target, stop, job -> {});
            answer(which + " export", "done", "done");
        } catch (HyperVException e) {
            answer(which + " export", "done", ReturnValue.number(e.code()));
        }
        try (Stream<Path> files = Files.walk(targetHere)) {
            String layout = String.join(
                    " ",
                    files.filter(Files::isRegularFile)
                            .map(file -> targetHere.relativize(file).toString().replace('\\', '/'))
                            .sorted()
                            .toList());
            answer(which + " export: files", "", layout);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void merged(String which, UUID id) throws IOException {
        int looks = 0;
        while (!HostChain.unmerged(host, id).isEmpty() && looks < LOOKS) {
            check();
            looks++;
            host.pause();
        }
        answer(
                which + " checkpoint is merged",
                YES,
                yes(HostChain.unmerged(host, id).isEmpty()));
        answer(which + " checkpoint: checks until it was merged", "", Count.of(looks, "check"));
    }

    /** Everything that was made. */
    private void remove() throws IOException {
        steps.accept("removing the machine and its files");
        if (machine.isPresent()) {
            UUID id = machine.get();
            for (HostCheckpoint checkpoint : host.checkpoints(id)) {
                host.destroy(checkpoint);
            }
            for (ReferencePoint point : host.referencePoints(id)) {
                host.destroy(point);
            }
            making.remove(id);
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(here)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
