package io.varve.tools.nightly;

import io.varve.adapters.windows.GivenPath;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.nightly.JobFile.MachineEntry;
import io.varve.tools.nightly.JobFile.Policy;
import io.varve.tools.output.Printable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the machines that the entries of a job file stand for. An entry with a name takes precedence over patterns; a
 * machine that two patterns match belongs to the first. Two virtual machines of equal name, of which neither takes
 * precedence, both fail: their snapshots would be mixed up. A pure function of entries, folders and what hosts say.
 */
final class MachineSearch {
    private static final List<String> DISK_FILES = List.of("*.{vhdx,vhd,raw,img}");

    private final FolderListing folders;
    private final Map<String, PlannedMachine> machines = new LinkedHashMap<>();
    private final Map<String, Path> places = new HashMap<>(); // folders of machines that a pattern matched
    private final Map<String, List<String>> identities = new HashMap<>(); // of machines with that name, for messages
    private final Set<String> matched = new HashSet<>(); // names of virtual machines that a pattern matched
    private final List<String> warnings = new ArrayList<>();

    private MachineSearch(FolderListing folders) {
        this.folders = folders;
    }

    /**
     * What was found.
     *
     * @param warnings about patterns that match nothing, folders without disks, and unusable names
     * @param failures entries whose machines are not known, so that none can fail in its own name
     */
    record Found(List<PlannedMachine> machines, List<String> warnings, List<String> failures) {}

    /** @throws InterruptedIOException when a host was asked and the night was stopped */
    static Found find(List<MachineEntry> entries, FolderListing folders, HostListing hosts)
            throws InterruptedIOException {
        MachineSearch search = new MachineSearch(folders);
        VirtualSearch virtual = new VirtualSearch(hosts);
        for (MachineEntry entry : entries) {
            if (entry.selection() instanceof Selection.Files files) {
                search.addFiles(entry, files);
            }
        }
        for (MachineEntry entry : entries) {
            if (entry.selection() instanceof Selection.Virtual wanted
                    && wanted.vm().isPresent()) {
                virtual.single(entry, wanted).ifPresent(match -> search.add(match, true));
            }
        }
        for (MachineEntry entry : entries) {
            if (entry.selection() instanceof Selection.Folders wanted) {
                search.expand(entry, wanted);
            }
        }
        for (MachineEntry entry : entries) {
            if (entry.selection() instanceof Selection.Virtual wanted
                    && wanted.vm().isEmpty()) {
                virtual.matching(entry, wanted).forEach(match -> search.add(match, false));
            }
        }
        List<String> all = new ArrayList<>(search.warnings);
        all.addAll(virtual.warnings());
        return new Found(List.copyOf(search.machines.values()), all, List.copyOf(virtual.failures()));
    }

    private static FilesOrigin origin(List<String> disks, List<String> files, Policy policy) {
        return new FilesOrigin(
                disks, files, policy.parents().stream().map(GivenPath::path).toList(), policy.allowParentOutside());
    }

    private void addFiles(MachineEntry entry, Selection.Files files) {
        machines.put(
                files.name(),
                new PlannedMachine(
                        files.name(),
                        origin(files.disks(), files.files(), entry.policy()),
                        files.gone(),
                        entry.policy()));
        identities.put(files.name(), new ArrayList<>(List.of("that of line " + entry.line())));
    }

    /** @param named whether it has an entry of its own */
    private void add(VirtualSearch.Match match, boolean named) {
        String name = match.machine().name();
        PlannedMachine before = machines.putIfAbsent(name, match.machine());
        if (before == null) {
            identities.put(name, new ArrayList<>(List.of(match.identity())));
            if (!named) {
                matched.add(name);
            }
            return;
        }
        if (!named && !matched.contains(name)) {
            warnings.add("machine '" + name + "', " + match.identity() + ", is left out: another machine of the job has"
                    + " this name. Exclude it, or give it an entry of its own, with vm and another name");
            return;
        }
        List<String> all = identities.get(name);
        if (!named && all.contains(match.identity())) {
            return; // two patterns match it
        }
        all.add(match.identity());
        String reason =
                Count.of(all.size(), "machine is", "machines are") + " called '" + name + "': " + String.join(", ", all)
                        + ". Their snapshots would be one history; give each an entry of its own, with vm and a name";
        machines.put(name, new PlannedMachine(name, new FailedOrigin(reason), before.gone(), before.policy()));
    }

    private void expand(MachineEntry entry, Selection.Folders wanted) {
        Path pattern = wanted.pattern().path().normalize();
        List<Path> matches = new ArrayList<>(List.of(pattern.getRoot()));
        try {
            for (Path segment : pattern) {
                matches = step(matches, segment.toString());
            }
        } catch (IOException e) {
            warnings.add("pattern " + pattern + " (line " + entry.line() + "): " + Reason.of(e));
            return;
        }
        int found = 0;
        for (Path match : matches) {
            String fileName = match.getFileName().toString();
            boolean excluded = wanted.exclude().stream().anyMatch(exclude -> matches(exclude, fileName));
            if (!excluded) {
                found++;
                add(entry, wanted, match);
            }
        }
        if (found == 0) {
            warnings.add("pattern " + pattern + " (line " + entry.line() + ") matches nothing");
        }
    }

    private List<Path> step(List<Path> folderPaths, String segment) throws IOException {
        List<Path> next = new ArrayList<>();
        for (Path folder : folderPaths) {
            if (segment.chars().noneMatch(c -> "*?[{".indexOf(c) >= 0)) {
                if (folders.exists(folder.resolve(segment))) {
                    next.add(folder.resolve(segment));
                }
                continue;
            }
            if (!folders.isFolder(folder)) {
                continue;
            }
            for (Path entry : folders.entries(folder)) {
                if (matches(segment, entry.getFileName().toString())) {
                    next.add(entry);
                }
            }
        }
        return next;
    }

    private void add(MachineEntry entry, Selection.Folders wanted, Path match) {
        boolean folder = folders.isFolder(match);
        String name = folder ? match.getFileName().toString() : MachineReader.stem(match);
        Optional<String> fault = NameRule.fault(name);
        if (fault.isPresent()) {
            warnings.add("'" + Printable.name(match.toString()) + "' is left out: its name " + fault.get());
            return;
        }
        if (machines.containsKey(name)) {
            Path other = places.get(name);
            if (other != null && !other.equals(match)) {
                warnings.add(match + " is left out: machine '" + name + "' is " + other + " already");
            }
            return;
        }
        List<String> disks = new ArrayList<>();
        if (folder) {
            try {
                disks.addAll(disksIn(match, wanted.disks().isEmpty() ? DISK_FILES : wanted.disks()));
            } catch (IOException e) {
                warnings.add("folder " + match + ": " + Reason.of(e));
                return;
            }
        } else {
            disks.add(disk(match));
        }
        if (disks.isEmpty()) {
            warnings.add("folder " + match + " is left out: there is no disk in it");
            return;
        }
        places.put(name, match);
        machines.put(
                name, new PlannedMachine(name, origin(disks, List.of(), entry.policy()), Set.of(), entry.policy()));
    }

    private List<String> disksIn(Path folder, List<String> patterns) throws IOException {
        List<String> disks = new ArrayList<>();
        for (Path file : folders.entries(folder)) {
            String name = file.getFileName().toString();
            if (!folders.isFolder(file) && patterns.stream().anyMatch(pattern -> matches(pattern, name))) {
                disks.add(disk(file));
            }
        }
        return disks;
    }

    /** Adds the disk's name, because a path may itself contain an equals sign. */
    private static String disk(Path file) {
        return MachineReader.stem(file) + "=" + file;
    }

    private static boolean matches(String glob, String name) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(name));
    }
}
