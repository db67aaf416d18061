package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.ImportNote;
import io.varve.adapters.hyperv.MachineImport;
import io.varve.engine.port.TargetException;
import io.varve.store.Repository;
import io.varve.store.fault.Reason;
import io.varve.store.fault.RefusedException;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.RestoredFileEntry;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HyperVHosts;
import io.varve.tools.source.HyperVWiring;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Creates a machine from a restored folder. What can be checked is checked before anything is restored. */
final class Registration implements Closeable {
    private static final String CHECKPOINTS = "Snapshots";

    private final HyperV hyperV;
    private final Closeable claim;
    private final MachineImport importing;
    private final HostPaths paths;
    private final boolean isNew;
    private final Path directory;
    private final Snapshot snapshot;
    private final Output output;
    private Optional<String> machine = Optional.empty();
    private boolean isRestored;

    private Registration(
            HyperV hyperV,
            Closeable claim,
            MachineImport importing,
            RegisterOptions options,
            Path directory,
            Snapshot snapshot,
            Output output)
            throws UsageException {
        this.hyperV = hyperV;
        this.claim = claim;
        this.importing = importing;
        this.paths = MappedFolder.localPaths(options.mounts());
        this.isNew = options.isNew();
        this.directory = directory;
        this.snapshot = snapshot;
        this.output = output;
    }

    /**
     * Connects to the host.
     *
     * @throws UsageException when the snapshot or the folder cannot be registered
     * @throws RefusedException when the host has the machine already
     */
    static Registration begin(
            RegisterOptions options, Path directory, Snapshot snapshot, Repository repository, Output output)
            throws IOException {
        boolean hasConfiguration = snapshot.manifest().files().stream()
                .anyMatch(file -> file.name().toLowerCase(Locale.ROOT).endsWith(".vmcx"));
        if (!hasConfiguration) {
            throw new UsageException("--register: snapshot " + snapshot.id() + " has no machine configuration (.vmcx);"
                    + " restore the disks, and attach them to a new machine");
        }
        HyperV hyperV = options.connect();
        try {
            ImportNote note = new ImportNote(repository.home().sourceFolder("hyperv"), hyperV.host());
            Closeable claim = HyperVHosts.asked(note::claim);
            try {
                MachineImport importing = new MachineImport(hyperV, note, HyperVWiring.words(output));
                Registration registration =
                        new Registration(hyperV, claim, importing, options, directory, snapshot, output);
                registration.check();
                return registration;
            } catch (IOException | RuntimeException e) {
                claim.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            hyperV.close();
            throw e;
        }
    }

    private void check() throws IOException {
        try {
            paths.ofHost(directory);
        } catch (IOException e) {
            throw new UsageException("--to-dir " + Reason.of(e));
        }
        asked(() -> {
            importing.removeLeft();
            return true;
        });
        if (isNew || snapshot.manifest().machineGuid().isEmpty()) {
            return;
        }
        Optional<String> objection = asked(
                () -> importing.objection(snapshot.manifest().machineGuid().get()));
        if (objection.isPresent()) {
            throw new RefusedException(objection.get());
        }
    }

    /** GUID of the machine, once it is one. */
    Optional<String> machine() {
        return machine;
    }

    /**
     * Registers it.
     *
     * @param configuration path here of the restored configuration
     * @param disks as they were restored, in the order of the snapshot
     */
    void run(Optional<String> configuration, List<RestoredFileEntry> disks) throws IOException {
        isRestored = true;
        String file = configuration.orElseThrow(
                () -> new TargetException(directory + ": the configuration was not restored"));
        List<MachineImport.Disk> restored = new ArrayList<>();
        List<DiskRecord> records = snapshot.manifest().disks();
        for (int i = 0; i < records.size(); i++) {
            restored.add(new MachineImport.Disk(
                    records.get(i).guid(),
                    records.get(i).name(),
                    paths.ofHost(Path.of(disks.get(i).target().orElseThrow()))));
        }
        Path checkpoints = Files.createDirectories(directory.resolve(CHECKPOINTS));
        MachineImport.Wanted wanted = new MachineImport.Wanted(
                paths.ofHost(Path.of(file)),
                paths.ofHost(checkpoints),
                isNew,
                restored,
                snapshot.manifest().sourceState());
        MachineImport.Imported imported = asked(() -> importing.run(wanted));
        machine = Optional.of(imported.id().toString());
        output.line(
                "host %s now has machine %s (%s), which is off; check it, then start it",
                hyperV.host(), Printable.name(imported.name()), imported.id());
    }

    /** Failures here are those of what is being written to. */
    private <T> T asked(HyperVHosts.Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (MachineImport.UnknownEndException e) {
            throw new UnknownOutcomeException(Reason.of(e), e);
        } catch (IOException e) {
            String left = isRestored ? ". The restored disks and configuration are left in " + directory : "";
            throw new TargetException(Reason.of(e) + left, e);
        }
    }

    @Override
    public void close() throws IOException {
        try (hyperV) {
            claim.close();
        }
    }
}
