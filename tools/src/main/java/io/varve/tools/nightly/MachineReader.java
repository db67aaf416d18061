package io.varve.tools.nightly;

import io.varve.adapters.hyperv.Consistency;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.windows.GivenPath;
import io.varve.adapters.windows.VolumePaths;
import io.varve.store.chunk.Compression;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.nightly.JobFile.Hooks;
import io.varve.tools.nightly.JobFile.Keep;
import io.varve.tools.nightly.JobFile.MachineEntry;
import io.varve.tools.nightly.JobFile.Policy;
import io.varve.tools.nightly.Selection.Host;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.source.HyperVHosts;
import io.varve.tools.source.MachineGroups;
import io.varve.tools.source.ReadingWay;
import io.varve.tools.yaml.Mistake;
import io.varve.tools.yaml.YamlSection;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads hosts and machines of a job file, and what holds for them. */
final class MachineReader {
    private static final String FILES = "files";
    private static final String HYPERV = "hyperv";
    private static final String VSS = "vss";

    /** Keys that only some sources know. */
    private static final Map<String, List<String>> SOURCES = sources();

    private final List<Mistake> mistakes;
    private final Map<String, Host> hosts = new HashMap<>();

    /** @param mistakes added to */
    MachineReader(List<Mistake> mistakes) {
        this.mistakes = mistakes;
    }

    private static Map<String, List<String>> sources() {
        Map<String, List<String>> sources = new LinkedHashMap<>();
        for (String key : List.of("pattern", "disks", "files", "require-frozen", "parents", "allow-parent-outside")) {
            sources.put(key, List.of(FILES));
        }
        for (String key : List.of("host", "consistency", "merge-limit")) {
            sources.put(key, List.of(HYPERV));
        }
        sources.put("allow-saved-state", List.of(VSS));
        sources.put("vm", List.of(HYPERV, VSS));
        sources.put("vms", List.of(HYPERV, VSS));
        return sources;
    }

    List<MachineEntry> read(YamlSection root) {
        Map<String, Integer> hostLines = new HashMap<>();
        for (YamlSection section : root.list("hosts", YamlSection.class)) {
            String name = section.get("name", String.class).orElse("");
            Integer before = hostLines.putIfAbsent(name, section.line());
            if (before != null && !name.isEmpty()) {
                mistake(section.lineOf("name"), "host '" + name + "' is already on line " + before);
            }
            hosts.put(name, host(section, name));
        }
        Policy defaults = root.get("defaults", YamlSection.class)
                .map(section -> policy(section, Policy.DEFAULT))
                .orElse(Policy.DEFAULT);
        List<MachineEntry> machines = new ArrayList<>();
        Map<String, Integer> names = new HashMap<>();
        for (YamlSection section : root.list("machines", YamlSection.class)) {
            MachineEntry entry = new MachineEntry(selection(section), policy(section, defaults), section.line());
            machines.add(entry);
            name(section, entry.selection()).ifPresent(name -> {
                int line = section.lineOf(section.has("name") ? "name" : "vm");
                Integer before = names.putIfAbsent(name, line);
                if (before != null) {
                    mistake(line, "machine '" + name + "' is already on line " + before);
                }
            });
        }
        return List.copyOf(machines);
    }

    private void mistake(int line, String message) {
        mistakes.add(new Mistake(line, message));
    }

    private Host host(YamlSection section, String name) {
        if (section.has("password-file") && !section.has("user")) {
            mistake(section.lineOf("password-file"), "password-file: whose password? 'user' is missing");
        }
        if (section.has("fingerprint") && section.has("ca-file")) {
            mistake(section.lineOf("ca-file"), "ca-file: give it or fingerprint, not both");
        }
        ReadingWay way = section.get("read", ReadingWay.class).orElse(ReadingWay.AUTO);
        if (section.get("groups", Boolean.class).orElse(false)
                && !MachineGroups.fits(way, section.get("export-to", String.class))) {
            mistake(
                    section.lineOf("groups"),
                    "groups: the machines' files are read then: leave out export-to, and read or give win32,"
                            + " wmi-changes or direct");
        }
        return new Host(
                name,
                section.get("address", String.class).orElse(""),
                section.get("user", String.class),
                section.get("password-file", GivenPath.class),
                section.get("fingerprint", String.class),
                section.get("ca-file", GivenPath.class),
                section.list("map", MappedFolder.class),
                way,
                section.get("export-to", String.class),
                section.get("groups", Boolean.class).orElse(false));
    }

    /** The name in the repository, where the file tells it. */
    private static Optional<String> name(YamlSection section, Selection selection) {
        if (selection instanceof Selection.Virtual virtual) {
            return virtual.name()
                    .or(() -> virtual.vm().filter(vm -> HyperVHosts.guid(vm).isEmpty()));
        }
        return section.get("name", String.class);
    }

    private Selection selection(YamlSection section) {
        String source = section.get("source", String.class).orElse(FILES);
        SOURCES.forEach((key, allowed) -> {
            if (section.has(key) && !allowed.contains(source)) {
                mistake(section.lineOf(key), key + ": only for source: " + String.join(" or ", allowed));
            }
        });
        return source.equals(FILES) ? files(section) : virtual(section, source);
    }

    private Selection files(YamlSection section) {
        boolean pattern = section.has("pattern");
        if (pattern == section.has("name")) {
            mistake(
                    section.line(),
                    "machines: expected exactly one of name, pattern, found " + (pattern ? "2" : "none"));
        }
        if (pattern && (section.has("files") || section.has("gone"))) {
            mistake(section.line(), "files and gone are for a machine with a name, not for a pattern");
        }
        if (!pattern && section.has("exclude")) {
            mistake(section.lineOf("exclude"), "exclude is for a pattern, not for a machine with a name");
        }
        if (!pattern && section.has("name") && !section.has("disks")) {
            mistake(
                    section.line(),
                    "machine '" + section.get("name", String.class).orElse("") + "': disks are missing");
        }
        if (pattern) {
            return new Selection.Folders(
                    section.get("pattern", GivenPath.class).orElse(new GivenPath("")),
                    section.list("disks", String.class),
                    section.list("exclude", String.class));
        }
        checkPaths(section, "disks");
        checkPaths(section, "files");
        return new Selection.Files(
                section.get("name", String.class).orElse(""),
                section.list("disks", String.class),
                section.list("files", String.class),
                Set.copyOf(section.list("gone", String.class)));
    }

    private Selection virtual(YamlSection section, String source) {
        boolean single = section.has("vm");
        if (single == section.has("vms")) {
            mistake(
                    section.line(),
                    "source: " + source + ": expected exactly one of vm, vms, found " + (single ? "2" : "none"));
        }
        if (!single && (section.has("name") || section.has("gone"))) {
            mistake(section.line(), "name and gone are for a single machine, with vm");
        }
        if (single && section.has("exclude")) {
            mistake(section.lineOf("exclude"), "exclude is for vms, not for a single machine");
        }
        Optional<String> vm = section.get("vm", String.class);
        if (source.equals(VSS)
                && vm.filter(text -> HyperVHosts.guid(text).isEmpty()).isPresent()) {
            mistake(
                    section.lineOf("vm"),
                    "vm: expected a GUID, as 'varve vss list' shows it, found '" + vm.get() + "'; names go into vms");
        }
        return new Selection.Virtual(
                source.equals(HYPERV) ? hostOf(section) : Optional.empty(),
                vm,
                section.get("name", String.class),
                section.list("vms", String.class),
                section.list("exclude", String.class),
                Set.copyOf(section.list("gone", String.class)));
    }

    private Optional<Host> hostOf(YamlSection section) {
        Optional<String> name = section.get("host", String.class);
        if (name.isEmpty()) {
            if (!section.has("host")) {
                mistake(section.line(), "source: hyperv: 'host' is missing");
            }
            return Optional.empty();
        }
        Optional<Host> host = Optional.ofNullable(hosts.get(name.get()));
        if (host.isEmpty()) {
            mistake(section.lineOf("host"), "host: no host '" + name.get() + "' in the section hosts");
        }
        return host;
    }

    private void checkPaths(YamlSection section, String key) {
        Map<String, Integer> names = new HashMap<>();
        for (YamlSection.Value value : section.list(key)) {
            String text = (String) value.content();
            int equals = SmbPath.isOne(text) ? -1 : text.indexOf('=');
            try {
                if (key.equals("disks") && SmbPath.isOne(text.substring(equals + 1))) {
                    checkShare(value, text, names);
                    continue;
                }
                Path path = VolumePaths.form(text.substring(equals + 1));
                if (!path.isAbsolute()) {
                    mistake(value.line(), key + ": expected an absolute path, found '" + path + "'");
                }
                String name = equals > 0 ? text.substring(0, equals) : stem(path);
                NameRule.fault(name).ifPresent(fault -> mistake(value.line(), key + ": the name " + fault));
                Integer before = names.putIfAbsent(name, value.line());
                if (before != null) {
                    mistake(value.line(), key + ": '" + name + "' is already on line " + before);
                }
            } catch (InvalidPathException e) {
                mistake(value.line(), key + ": '" + text + "' is not a path: " + e.getReason());
            }
        }
    }

    /** A disk on a share; it may begin with its name. */
    private void checkShare(YamlSection.Value value, String text, Map<String, Integer> names) {
        int equals = text.indexOf('=');
        try {
            SmbPath path = SmbPath.parse(text.substring(equals + 1));
            String name = equals > 0 ? text.substring(0, equals) : stem(Path.of(path.name()));
            NameRule.fault(name).ifPresent(fault -> mistake(value.line(), "disks: the name " + fault));
            Integer before = names.putIfAbsent(name, value.line());
            if (before != null) {
                mistake(value.line(), "disks: '" + name + "' is already on line " + before);
            }
        } catch (IllegalArgumentException e) {
            mistake(value.line(), "disks: " + e.getMessage());
        }
    }

    /** Returns a file name without its extension, as {@code varve backup} names a disk. */
    static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private Policy policy(YamlSection section, Policy defaults) {
        List<GivenPath> parents = section.list("parents", GivenPath.class);
        return new Policy(
                section.get("compression", Compression.class).orElse(defaults.compression()),
                section.get("require-frozen", Boolean.class).orElse(defaults.requireFrozen()),
                section.get("disks-at-once", Integer.class).orElse(defaults.disksAtOnce()),
                section.get("audit", Double.class).map(OptionalDouble::of).orElse(defaults.auditPercent()),
                parents.isEmpty() ? defaults.parents() : parents,
                section.get("allow-parent-outside", Boolean.class).orElse(defaults.allowParentOutside()),
                section.get("consistency", String.class)
                        .map(word -> Consistency.valueOf(word.toUpperCase(Locale.ROOT)))
                        .orElse(defaults.consistency()),
                section.get("merge-limit", Duration.class).orElse(defaults.mergeLimit()),
                section.get("allow-saved-state", Boolean.class).orElse(defaults.allowSavedState()),
                section.get("keep", YamlSection.class).flatMap(this::keep).or(defaults::keep),
                section.get("hooks", YamlSection.class).map(this::machineHooks).orElse(defaults.hooks()));
    }

    private Optional<Keep> keep(YamlSection section) {
        Keep keep = new Keep(
                section.get("last", Integer.class).orElse(0),
                section.get("hourly", Integer.class).orElse(0),
                section.get("daily", Integer.class).orElse(0),
                section.get("weekly", Integer.class).orElse(0),
                section.get("monthly", Integer.class).orElse(0),
                section.get("yearly", Integer.class).orElse(0),
                section.get("within", Period.class),
                Set.copyOf(section.list("tags", String.class)));
        boolean none = JobShape.KEEP.keys().stream()
                .noneMatch(key -> section.has(key.name()) && !key.name().equals("tags"));
        if (none) {
            mistake(section.line(), "keep: expected at least one rule, such as 'daily: 14'");
        }
        return Optional.of(keep);
    }

    private Hooks machineHooks(YamlSection section) {
        if (section.has("freeze") && !section.has("thaw")) {
            mistake(section.lineOf("freeze"), "freeze: a thaw is missing that ends it");
        }
        return hooks(section);
    }

    static Hooks hooks(YamlSection section) {
        return new Hooks(
                section.get("before", String.class),
                section.get("freeze", String.class),
                section.get("thaw", String.class),
                section.get("after", String.class),
                section.get("time-limit", Duration.class).orElse(Hooks.NONE.timeLimit()));
    }
}
