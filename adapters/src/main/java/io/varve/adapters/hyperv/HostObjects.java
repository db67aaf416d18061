package io.varve.adapters.hyperv;

import io.varve.engine.Cancellation;
import io.varve.store.fault.Count;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What tonight's backup has at the host: first a checkpoint, then the reference point that it became. Closing removes
 * the checkpoint if it is still one, and waits until the host has merged its files.
 */
final class HostObjects implements Closeable {
    private static final int ATTEMPTS = 3;

    private final HyperV host;
    private final HyperVSource.Choices choices;
    private final HyperVWords words;
    private final Cancellation cancellation;
    private final Journal journal;
    private final Closeable claim;
    private final HostCheckpoint checkpoint;
    private final List<String> unmergedBefore;
    private Optional<ReferencePoint> point = Optional.empty();
    private boolean committed;

    /** What everything of a night shares. */
    record Night(HyperV host, HyperVSource.Choices choices, HyperVWords words, Cancellation cancellation) {}

    /**
     * @param claim on the machine's journal; closed with this
     * @param unmergedBefore files that were not merged before the checkpoint was taken: these are not waited for
     */
    HostObjects(Night night, Journal journal, Closeable claim, HostCheckpoint checkpoint, List<String> unmergedBefore) {
        this.unmergedBefore = List.copyOf(unmergedBefore);
        this.host = night.host();
        this.choices = night.choices();
        this.words = night.words();
        this.cancellation = night.cancellation();
        this.journal = journal;
        this.claim = claim;
        this.checkpoint = checkpoint;
    }

    String hostName() {
        return host.host();
    }

    HostCheckpoint checkpoint() {
        return checkpoint;
    }

    void warn(String code, String warning) {
        words.warnings().accept(code, warning);
    }

    void notice(String notice) {
        words.notices().accept(notice);
    }

    Optional<ReferencePoint> point() {
        return point;
    }

    /** Without this, the next backup decides whether the reference point belongs to a snapshot. */
    void committed() throws IOException {
        committed = true;
        journal.rollback().clear();
    }

    /**
     * Makes the checkpoint a reference point. If the host refuses, there is none, with a warning: only the next change
     * list is lost.
     *
     * @throws IOException when the checkpoint is gone, so that what was read may not be what it held
     */
    void convert() throws IOException {
        if (!exists()) {
            throw new IOException("host " + host.host() + ": checkpoint " + checkpoint.id()
                    + " vanished while it was read: the machine moved to another host, or somebody removed it");
        }
        List<String> before = host.referencePoints(checkpoint.machine()).stream()
                .map(ReferencePoint::id)
                .toList();
        journal.write(journal.read().orElseThrow().converting(before));
        words.steps().accept("converting the checkpoint to a reference point");
        for (int attempt = 1; point.isEmpty(); attempt++) {
            try {
                point = Optional.of(
                        choices.group().isPresent() ? choices.group().get().convert() : host.convert(checkpoint));
            } catch (HyperVException e) {
                if (attempt == ATTEMPTS || choices.group().isPresent()) {
                    notConverted(e);
                    return;
                }
                host.pause(choices.retryPause());
            } catch (InterruptedIOException | MachineGroup.GroupFailedException e) {
                throw e;
            } catch (IOException e) { // no answer, or none that is understood: it may have been converted
                point = convertedAfterAll(before);
                if (point.isEmpty()) {
                    notConverted(e);
                    return;
                }
            }
        }
        journal.write(journal.read().orElseThrow().withPoint(point.get().id()));
    }

    private void notConverted(IOException e) {
        words.warnings()
                .accept(
                        "not-converted",
                        "the checkpoint could not be converted to a reference point, so the next backup reads all"
                                + " disks in full: "
                                + e.getMessage());
    }

    private boolean exists() throws IOException {
        return host.checkpoints(checkpoint.machine()).stream()
                .anyMatch(found -> found.id().equals(checkpoint.id()));
    }

    /** The effect of a conversion whose end is not known. */
    private Optional<ReferencePoint> convertedAfterAll(List<String> before) throws IOException {
        return host.referencePoints(checkpoint.machine()).stream()
                .filter(found -> !before.contains(found.id()) && Leftovers.isFrom(found, checkpoint.id()))
                .findFirst();
    }

    /** @throws IOException when something is left at the host, with advice */
    @Override
    public void close() throws IOException {
        try (claim) {
            remove();
        }
        awaitMerge();
    }

    private void remove() throws IOException {
        if (point.isPresent()) {
            if (committed) {
                journal.clear();
            }
            return;
        }
        if (choices.group().isPresent()) {
            choices.group().get().release();
            if (!exists()) {
                journal.clear();
            }
            return;
        }
        if (exists()) {
            words.steps().accept("removing the checkpoint");
            host.destroy(checkpoint);
            journal.clear();
        }
        // Otherwise it moved with its machine, or was converted without an answer: the next night looks again.
    }

    private static String text(Duration limit) {
        return limit.toSeconds() % 60 == 0
                ? Count.of(limit.toMinutes(), "minute")
                : Count.of(limit.toSeconds(), "second");
    }

    /** Stopped on request: the host merges without anyone waiting for it. */
    private void awaitMerge() throws IOException {
        long began = System.nanoTime();
        boolean said = false;
        while (true) {
            List<String> unmerged = HostChain.unmerged(host, checkpoint.machine()).stream()
                    .filter(file -> !HostChain.contains(unmergedBefore, file))
                    .toList();
            if (unmerged.isEmpty() || cancellation.isRequested()) {
                return;
            }
            if (System.nanoTime() - began > choices.mergeLimit().toNanos()) {
                throw new IOException("host " + host.host() + ": " + String.join(", ", unmerged)
                        + " was not merged within " + text(choices.mergeLimit()) + ". Events 19070 and 19100 in"
                        + " the log Hyper-V-VMMS say why; until it is merged, the host's volume keeps filling up");
            }
            if (!said) {
                words.steps().accept("waiting until the host has merged the checkpoint's files");
                said = true;
            }
            host.pause();
        }
    }
}
