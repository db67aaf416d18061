package io.varve.store.check;

import io.varve.store.backend.Backend;
import io.varve.store.coordination.ClaimCoordination;
import io.varve.store.crypt.WrappedKey;
import io.varve.store.hold.Holds;
import io.varve.store.job.JobLog;
import io.varve.store.pack.PackFormat;
import io.varve.store.parity.Parity;
import io.varve.store.session.Sessions;
import io.varve.store.snapshot.Forgotten;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.trash.CondemnedLists;
import io.varve.store.trash.Generation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Files in a repository that are not objects: left by a NAS, a file manager, NFS, an editor or a folder synchronizer.
 * They are recognised by the form of their names; they are never read, so they do no harm. There is one finding per
 * top-level directory, since some of these programs leave a file in every directory.
 */
final class StrayFiles {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private static final Map<String, Predicate<String>> FORMS = new LinkedHashMap<>();

    static {
        FORMS.put("keys", WrappedKey::isObjectName);
        FORMS.put("packs", name -> PackFormat.idOfObject(name) != null);
        FORMS.put("parity", name -> Parity.packOfObject(name) != null);
        FORMS.put("snapshots", name -> SnapshotId.ofObject(name) != null);
        FORMS.put("protected", StrayFiles::isOfSnapshot);
        FORMS.put("forgotten", Forgotten::isObjectName);
        FORMS.put("countersigned", StrayFiles::isOfSnapshot);
        FORMS.put("holds", Holds::isObjectName);
        FORMS.put("jobs", JobLog::isObjectName);
        FORMS.put("checks", ReadJournal::isObjectName);
        FORMS.put(ClaimCoordination.DIRECTORY, ClaimCoordination::isClaimName);
        FORMS.put("sessions", Sessions::isObjectName);
        FORMS.put("trash", StrayFiles::isInTrash);
        FORMS.put("quarantine", matches("quarantine/[0-9a-f]{64}(\\.[0-9]+)?"));
        FORMS.put("tmp", matches("tmp/(" + UUID + "(/" + UUID + "|\\.lock)?)"));
    }

    private final Consumer<Finding> findings;
    private final Map<String, String> first = new TreeMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    StrayFiles(Consumer<Finding> findings) {
        this.findings = findings;
    }

    private static Predicate<String> matches(String form) {
        return Pattern.compile(form).asMatchPredicate();
    }

    private static boolean isOfSnapshot(String name) {
        return SnapshotId.ofObject("snapshots" + name.substring(name.indexOf('/'))) != null;
    }

    private static boolean isInTrash(String name) {
        return CondemnedLists.isObjectName(name)
                || Generation.isObjectName(name)
                || name.startsWith("trash/snapshots/")
                        && SnapshotId.ofObject(name.substring("trash/".length())) != null;
    }

    /** Notes entries of {@code directory}, a top-level one, that do not belong there. */
    void look(Backend backend, String directory) throws IOException {
        backend.list(directory, (name, size) -> look(name));
    }

    /** Notes a listed {@code name} if it is not the name of an object. */
    void look(String name) {
        String directory = name.substring(0, Math.max(0, name.indexOf('/')));
        Predicate<String> form = FORMS.get(directory);
        if (form == null || !form.test(name)) {
            first.merge(directory, name, (a, b) -> a.compareTo(b) <= 0 ? a : b);
            counts.merge(directory, 1, Integer::sum);
        }
    }

    /** Directories in which it can be told. */
    static Iterable<String> directories() {
        return FORMS.keySet();
    }

    void report() {
        first.forEach((directory, name) -> {
            int others = counts.get(directory) - 1;
            findings.accept(new Finding(
                    Finding.Severity.INFO,
                    "stray-file",
                    name,
                    -1,
                    "not part of a repository; ignored"
                            + (others == 0 ? "" : "; like " + others + " more " + where(directory))));
        });
    }

    private static String where(String directory) {
        return directory.isEmpty() ? "at the top" : "in " + directory + "/";
    }
}
