package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.PlannedMachines.Planned;
import io.varve.adapters.hyperv.PlannedMachines.PlannedDisk;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Creates a machine from restored disks and a restored configuration, in place. What fails before the machine exists
 * leaves nothing in the host's list; the files stay in any case.
 */
public final class MachineImport {
    private static final String SET = ".vhds";

    private final HyperV host;
    private final PlannedMachines planning;
    private final ImportNote note;
    private final HyperVWords words;

    /** @param note remembers a planned machine until it is a machine or gone */
    public MachineImport(HyperV host, ImportNote note, HyperVWords words) {
        this.host = host;
        this.planning = new PlannedMachines(host);
        this.note = note;
        this.words = words;
    }

    /**
     * A restored disk.
     *
     * @param id its GUID, which the machine's own disk had too
     * @param name in the snapshot
     * @param file path on the host of the restored file
     */
    public record Disk(Optional<UUID> id, String name, String file) {}

    /**
     * What to make a machine of.
     *
     * @param configuration path on the host of the restored configuration
     * @param checkpoints path on the host of a folder for configurations of checkpoints; there are none in it
     * @param isNew whether the machine gets a GUID of its own
     * @param disks of the snapshot
     * @param sourceState that the snapshot recorded
     */
    public record Wanted(
            String configuration, String checkpoints, boolean isNew, List<Disk> disks, Optional<String> sourceState) {
        public Wanted {
            disks = List.copyOf(disks);
        }
    }

    /** The machine. */
    public record Imported(UUID id, String name) {}

    /** Whether the machine exists is not known. */
    public static final class UnknownEndException extends IOException {
        private static final long serialVersionUID = 1L;

        private UnknownEndException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Why a machine with this GUID cannot be imported; empty when nothing is known to be in the way. */
    public Optional<String> objection(UUID machine) throws IOException {
        return planning.isMachine(machine)
                ? Optional.of("host " + host.host() + " has machine " + machine + ", and a GUID cannot be used"
                        + " twice: remove that machine first, or import this one with a new GUID (--new-id)")
                : Optional.empty();
    }

    /** Removes what an interrupted import left at the host. */
    public void removeLeft() throws IOException {
        Optional<UUID> left = note.read();
        if (left.isEmpty()) {
            return;
        }
        for (Planned planned : planning.all()) {
            if (planned.id().equals(left.get())) {
                words.steps().accept("removing the planned machine of an interrupted import, " + planned.id());
                planning.destroy(planned);
            }
        }
        note.clear();
    }

    /**
     * Imports it.
     *
     * @throws UnknownEndException when the host did not say whether the machine exists, and cannot be asked
     */
    public Imported run(Wanted wanted) throws IOException {
        words.steps().accept("importing the configuration");
        List<UUID> before = planning.all().stream().map(Planned::id).toList();
        Planned planned = read(wanted, before);
        try {
            note.write(planned.id());
            List<PlannedDisk> disks = planning.disks(planned);
            Map<PlannedDisk, Disk> pairs = pair(disks, wanted);
            for (Map.Entry<PlannedDisk, Disk> pair : pairs.entrySet()) {
                words.steps().accept("attaching " + pair.getValue().file());
                planning.attach(pair.getKey(), pair.getValue().file());
            }
            checkAttached(planned, pairs);
            words.steps().accept("validating the machine");
            planning.validate(planned);
        } catch (IOException | RuntimeException e) {
            throw discarded(planned, e);
        }
        realize(planned);
        note.clear();
        return new Imported(planned.id(), planned.name());
    }

    private Planned read(Wanted wanted, List<UUID> before) throws IOException {
        try {
            return planning.read(wanted.configuration(), wanted.checkpoints(), wanted.isNew());
        } catch (HyperVException | InterruptedIOException e) {
            throw e; // refused, so there is none; or stopped on request
        } catch (IOException e) { // no answer, or none that is understood
            List<Planned> appeared;
            try {
                appeared = planning.since(before);
            } catch (IOException looking) {
                e.addSuppressed(looking);
                throw e;
            }
            if (appeared.isEmpty()) {
                throw e;
            }
            throw new IOException(
                    Reason.of(e) + ". The host now has a planned machine that it did not have before, "
                            + appeared.get(0).id() + "; if nobody else is importing machines, it is Varve's."
                            + " Planned machines do not run, and are listed only in Msvm_PlannedComputerSystem",
                    e);
        }
    }

    /** The restored disk for each of the machine's. */
    private Map<PlannedDisk, Disk> pair(List<PlannedDisk> planned, Wanted wanted) throws IOException {
        Map<String, String> ids = wanted.sourceState()
                .flatMap(NightState::decode)
                .map(NightState::disks)
                .orElse(Map.of());
        Map<PlannedDisk, Disk> pairs = new LinkedHashMap<>();
        for (PlannedDisk disk : planned) {
            String file = disk.disk().file();
            if (file.toLowerCase(Locale.ROOT).endsWith(SET)) {
                words.warnings()
                        .accept(
                                "set-kept",
                                "the machine keeps VHD set " + file + ", which other machines may use: it is"
                                        + " attached in its present state, not in that of the snapshot");
                continue;
            }
            Disk found = wanted.disks().stream()
                    .filter(restored -> restored.id().isPresent()
                            && restored.id()
                                    .get()
                                    .toString()
                                    .equals(ids.get(disk.disk().place())))
                    .findFirst()
                    .or(() -> byName(file, wanted.disks()))
                    .orElseThrow(() -> new IOException("the configuration names " + file + " ("
                            + disk.disk().place() + "), which cannot be matched to a disk of the snapshot"));
            if (pairs.containsValue(found)) {
                throw new IOException(
                        "two disks of the configuration, at " + disk.disk().place() + " and elsewhere, both match"
                                + " disk " + found.name() + " of the snapshot");
            }
            pairs.put(disk, found);
        }
        return pairs;
    }

    /** By the name of the disk's oldest file, with which the names of its checkpoints' files begin. */
    private static Optional<Disk> byName(String file, List<Disk> disks) {
        String name = HostPaths.name(file);
        int dot = name.lastIndexOf('.');
        String stem = dot > 0 ? name.substring(0, dot) : name;
        List<Disk> found = disks.stream()
                .filter(disk -> stem.equalsIgnoreCase(disk.name())
                        || stem.regionMatches(
                                true, 0, disk.name() + "_", 0, disk.name().length() + 1))
                .toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** A machine that starts with another machine's disk would destroy it. */
    private void checkAttached(Planned planned, Map<PlannedDisk, Disk> pairs) throws IOException {
        for (PlannedDisk now : planning.disks(planned)) {
            Optional<Disk> wanted = pairs.entrySet().stream()
                    .filter(pair ->
                            pair.getKey().disk().instanceId().equals(now.disk().instanceId()))
                    .map(Map.Entry::getValue)
                    .findFirst();
            if (wanted.isPresent()
                    && !HostPaths.isSame(wanted.get().file(), now.disk().file())) {
                throw new IOException("host " + host.host() + ": expected the planned machine's disk at "
                        + now.disk().place() + " to be " + wanted.get().file() + ", found "
                        + now.disk().file());
            }
        }
    }

    private IOException discarded(Planned planned, Exception e) {
        String end = "the planned machine was removed from the host";
        try {
            planning.destroy(planned);
            note.clear();
        } catch (IOException destroying) {
            e.addSuppressed(destroying);
            end = "planned machine " + planned.id() + " is left at the host (" + Reason.of(destroying)
                    + "); the next import from this computer removes it";
        }
        if (e instanceof InterruptedIOException stopped) {
            return stopped;
        }
        String reason = e instanceof IOException io ? Reason.of(io) : e.toString();
        return new IOException(reason + ". The machine was not registered, and " + end, e);
    }

    private void realize(Planned planned) throws IOException {
        words.steps().accept("registering the machine");
        try {
            planning.realize(planned);
        } catch (HyperVException e) {
            throw discarded(planned, e);
        } catch (IOException e) { // no answer: the host may have done it
            Optional<Boolean> isThere = looked(planned, e);
            if (isThere.isEmpty()) {
                throw new UnknownEndException(
                        "whether machine " + planned.id() + " was registered is unknown: " + Reason.of(e)
                                + ". Check with 'varve hyperv list'. If the machine is missing, register the"
                                + " restored files again; the next import removes what this one left",
                        e);
            }
            if (!isThere.get()) {
                throw discarded(planned, e);
            }
            words.notices().accept("the host did not answer the registration, but it has the machine");
        }
    }

    private Optional<Boolean> looked(Planned planned, IOException e) {
        try {
            return Optional.of(planning.isMachine(planned.id()));
        } catch (IOException looking) {
            e.addSuppressed(looking);
            return Optional.empty();
        }
    }
}
