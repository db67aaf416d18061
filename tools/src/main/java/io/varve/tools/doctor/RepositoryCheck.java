package io.varve.tools.doctor;

import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.job.JobStart;
import io.varve.store.job.NightRecord;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.output.Version;
import io.varve.tools.report.Records;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks of a repository in a folder that need no key. Writes to its {@code tmp/} and removes the files again. */
final class RepositoryCheck {
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(10);
    private static final int DAYS = 60;

    private final RepositoryPlace place;
    private final List<Finding> findings = new ArrayList<>();

    RepositoryCheck(RepositoryPlace place) {
        this.place = place;
    }

    List<Finding> run() {
        try (Repository repository = Repository.open(place.location())) {
            findings.add(Finding.ok(
                    "repository",
                    "repository " + repository.config().repositoryId() + " in " + place + ", "
                            + (repository.config().encrypted() ? "encrypted" : "not encrypted")));
            look(repository);
        } catch (IOException e) {
            findings.add(Finding.error("repository", Reason.of(e), "'varve fsck' says more of a damaged repository"));
        }
        return findings;
    }

    private void look(Repository repository) throws IOException {
        Records records = Records.read(repository, Instant.now(), DAYS);
        keys(repository);
        records(records);
        space(records);
        repository
                .backend()
                .exposure(Set.of("packs", "snapshots", "keys", "repository.json"))
                .ifPresent(exposed -> findings.add(Finding.warning(
                        "rights",
                        exposed.message(),
                        "without encryption, whoever reads the repository reads every disk")));
        if (!repository.mayWrite()) {
            findings.add(
                    isOnReadOnlyFileSystem()
                            ? Finding.warning(
                                    "rights",
                                    "the file system is mounted read-only: nothing can be backed up here",
                                    "mount it for writing, if backups are to go here")
                            : Finding.warning(
                                    "rights",
                                    "this user may not write here",
                                    "run backups as the user who made the repository"));
            return;
        }
        findings.add(Finding.ok("rights", "this user may write here"));
        Optional<Path> tmp = place.folder().map(folder -> folder.resolve("tmp")).filter(Files::isDirectory);
        if (tmp.isPresent()) {
            findings.add(ComputerCheck.clock("clock-repository", tmp.get()));
            findings.add(LockProbe.look(tmp.get()));
        }
    }

    private boolean isOnReadOnlyFileSystem() throws IOException {
        Optional<Path> folder = place.folder();
        return folder.isPresent() && Files.getFileStore(folder.get()).isReadOnly();
    }

    private void keys(Repository repository) throws IOException {
        if (repository.config().encrypted()) {
            int keys = repository.keyRing().list().keys().size();
            findings.add(
                    keys == 1
                            ? Finding.warning(
                                    "keys",
                                    "there is one key",
                                    "add another with 'varve key add', and keep it and a copy of keys/ elsewhere:"
                                            + " without a key nobody can read the repository")
                            : Finding.ok("keys", "the repository has " + Count.of(keys, "key")));
        }
    }

    private void records(Records records) {
        Instant newest = Instant.MIN;
        Set<String> writers = new TreeSet<>();
        List<Records.Entry> all = new ArrayList<>(records.nights());
        records.machines().values().forEach(jobs -> all.add(jobs.get(0)));
        boolean none = all.isEmpty();
        all.addAll(records.future());
        for (Records.Entry entry : all) {
            JobStart start = entry.job().start().orElseThrow();
            newest = start.startedAt().isAfter(newest) ? start.startedAt() : newest;
            writers.add(start.writer());
        }
        if (none) {
            findings.add(Finding.warning(
                    "backups",
                    "no backup in the last " + Count.of(DAYS, "day"),
                    "run 'varve backup' or 'varve nightly'"));
        }
        if (all.isEmpty()) {
            return;
        }
        if (newest.isAfter(Instant.now().plus(CLOCK_TOLERANCE))) {
            findings.add(Finding.warning(
                    "clock-records",
                    "the newest job began at " + newest + ", which is in the future",
                    "set the clocks of all computers that back up by NTP; snapshots with a wrong time can be forgotten"
                            + " by name"));
        } else {
            findings.add(Finding.ok("backups", "the newest job began at " + newest));
        }
        writers.remove(Version.number());
        if (!writers.isEmpty()) {
            findings.add(Finding.ok("versions", "written by other versions too: " + String.join(", ", writers)));
        }
    }

    private void space(Records records) throws IOException {
        Optional<Path> folder = place.folder();
        if (folder.isEmpty()) {
            return; // a bucket is never full
        }
        FileStore store = Files.getFileStore(folder.get());
        List<SpaceForecast.Size> sizes = new ArrayList<>();
        for (Records.Entry night : records.nights()) {
            night.job()
                    .end()
                    .flatMap(end -> end.night())
                    .flatMap(record -> record.step("repository"))
                    .flatMap((NightRecord.Step step) -> step.number("packBytes"))
                    .ifPresent(bytes -> sizes.add(0, new SpaceForecast.Size(night.at(), bytes)));
        }
        findings.add(SpaceForecast.judge(store.getUsableSpace(), store.getTotalSpace(), sizes));
    }
}
