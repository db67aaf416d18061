package io.varve.tools.nightly;

import io.varve.store.fault.Reason;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.nightly.JobFile.MachineEntry;
import io.varve.tools.output.Printable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the machines that the entries of a job file stand for. An entry with a name takes precedence over patterns; a
 * machine that two patterns match belongs to the first. A pure function of entries and folders.
 */
final class MachineSearch {
    private static final List<String> DISK_FILES = List.of("*.{vhdx,vhd,raw,img}");

    private final FolderListing folders;
    private final Map<String, PlannedMachine> machines = new LinkedHashMap<>();
    private final Map<String, Path> places = new HashMap<>(); // folders of machines that a pattern matched
    private final List<String> warnings = new ArrayList<>();

    private MachineSearch(FolderListing folders) {
        this.folders = folders;
    }

    /** @param warnings about patterns that match nothing, folders without disks, and unusable names */
    record Found(List<PlannedMachine> machines, List<String> warnings) {}

    static Found find(List<MachineEntry> entries, FolderListing folders) {
        MachineSearch search = new MachineSearch(folders);
        for (MachineEntry entry : entries) {
            entry.name()
                    .ifPresent(name -> search.machines.put(
                            name,
                            new PlannedMachine(name, entry.disks(), entry.files(), entry.gone(), entry.policy())));
        }
        entries.stream().filter(entry -> entry.pattern().isPresent()).forEach(search::expand);
        return new Found(List.copyOf(search.machines.values()), List.copyOf(search.warnings));
    }

    private void expand(MachineEntry entry) {
        Path pattern = entry.pattern().get();
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
            boolean excluded = entry.exclude().stream().anyMatch(exclude -> matches(exclude, fileName));
            if (!excluded) {
                found++;
                add(entry, match);
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

    private void add(MachineEntry entry, Path match) {
        boolean folder = folders.isFolder(match);
        String name = folder ? match.getFileName().toString() : JobFileReader.stem(match);
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
                disks.addAll(disksIn(match, entry.disks().isEmpty() ? DISK_FILES : entry.disks()));
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
        machines.put(name, new PlannedMachine(name, disks, List.of(), Set.of(), entry.policy()));
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
        return JobFileReader.stem(file) + "=" + file;
    }

    private static boolean matches(String glob, String name) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(Path.of(name));
    }
}
