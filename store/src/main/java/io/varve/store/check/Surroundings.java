package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.pack.PackFormat;
import io.varve.store.session.Sessions;
import io.varve.store.trash.CondemnedLists;
import io.varve.store.trash.CondemnedPacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Lists the content of a repository and reports files that do not belong there. */
final class Surroundings {
    private static final Set<String> KNOWN_NAMES = Set.of(
            "repository.json",
            "export.json",
            "keys",
            "packs",
            "parity",
            "snapshots",
            "protected",
            "forgotten",
            "countersigned",
            "holds",
            "jobs",
            "checks",
            "sessions",
            "claims",
            "trash",
            "quarantine",
            "tmp",
            "index");

    private static final Pattern UNPUBLISHED = Pattern.compile("tmp/[0-9a-f-]{36}(/[0-9a-f-]{36})?");

    private final Repository repository;
    private final Consumer<Finding> findings;
    private final StrayFiles stray;

    Surroundings(Repository repository, Consumer<Finding> findings) {
        this.repository = repository;
        this.findings = findings;
        this.stray = new StrayFiles(findings);
    }

    /** The packs that are not condemned. Condemned packs count as absent, here as everywhere. */
    Map<ChunkId, CheckedPack> packs() throws IOException {
        // The lists first: if one is swept now, its packs are no longer listed afterwards.
        List<CorruptDataException> damaged = new ArrayList<>();
        List<CondemnedPacks> lists = new CondemnedLists(repository.backend()).list(damaged);
        Map<ChunkId, CheckedPack> packs = new TreeMap<>();
        repository.backend().list("packs", (name, size) -> {
            ChunkId id = PackFormat.idOfObject(name);
            if (id == null) {
                stray.look(name);
            } else {
                packs.put(id, new CheckedPack(id, size));
            }
        });
        for (CondemnedPacks list : lists) {
            long there = list.packs().stream()
                    .filter(pack -> packs.remove(pack) != null)
                    .count();
            found(
                    Finding.Severity.INFO,
                    "condemned",
                    list.name(),
                    "condemned: " + Count.of(there, "pack") + " that no snapshot needs; to be deleted by the next gc");
            boolean untouched = there > 0 && there == list.packs().size();
            for (String snapshot : untouched ? list.snapshots() : List.<String>of()) {
                if (!repository.backend().exists("trash/snapshots/" + snapshot + ".json")
                        && !repository.backend().exists("snapshots/" + snapshot + ".json")) {
                    found(
                            Finding.Severity.WARNING,
                            "forgotten-manifest-missing",
                            list.name(),
                            "the manifest of forgotten snapshot " + snapshot + " is missing from the"
                                    + " trash although its packs are there: it cannot be brought back");
                }
            }
        }
        damaged.forEach(e -> findings.accept(Finding.warning("condemned-list-damaged", e)));
        return packs;
    }

    void check() throws IOException {
        repository.backend().listTop(name -> {
            if (!KNOWN_NAMES.contains(name)) {
                stray.look(name);
            }
        });
        for (String directory : StrayFiles.directories()) {
            if (!directory.equals("packs")) { // looked through before
                stray.look(repository.backend(), directory);
            }
        }
        stray.report();
        repository
                .backend()
                .exposure(KNOWN_NAMES)
                .ifPresent(open -> found(Finding.Severity.INFO, "readable-by-others", open.name(), open.message()));
        if (repository.mayWrite()) {
            for (Backend.Observation seen : repository.backend().examine()) {
                found(
                        seen.isBroken() ? Finding.Severity.WARNING : Finding.Severity.INFO,
                        "bucket",
                        repository.location(),
                        seen.message());
            }
        }
        Sessions.ofOthers(
                repository,
                (name, alive) -> found(
                        Finding.Severity.INFO,
                        "session",
                        name,
                        alive ? "at work" : "left by a crash; the next writer clears it"));
        repository.backend().list("tmp", (name, size) -> {
            if (UNPUBLISHED.matcher(name).matches()) {
                found(
                        Finding.Severity.INFO,
                        "unpublished",
                        name,
                        repository.backend().traffic().isPresent()
                                ? "from a test of the bucket; if no init or fsck is running, it can be deleted"
                                : "being written, or left by a crash; the next backup clears it");
            }
        });
    }

    private void found(Finding.Severity severity, String code, String file, String message) {
        findings.accept(new Finding(severity, code, file, -1, message));
    }
}
