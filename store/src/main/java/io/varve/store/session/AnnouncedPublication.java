package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.snapshot.Refusal;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * Publishes manifests. Where others may take a session for dead in the middle of it, the commit is announced first
 * ({@code docs/protocol.md}, section 7).
 */
final class AnnouncedPublication {
    private final Repository repository;
    private final Sessions.Registration registration;

    AnnouncedPublication(Repository repository, Sessions.Registration registration) {
        this.repository = repository;
        this.registration = registration;
    }

    /** The last step of a commit. */
    @FunctionalInterface
    interface Publication {
        Snapshot publish() throws IOException;
    }

    /**
     * Publishes a manifest.
     *
     * @throws UnknownOutcomeException when it may be there; the end of the session, or who takes it for dead, decides
     * @see #done
     */
    Snapshot publish(SnapshotId id, Publication publication) throws IOException {
        if (!repository.coordination().deadMayGoOn()) {
            return publication.publish();
        }
        registration.announcements().announce(id);
        try {
            checkRecognized();
            return publishOverRefusal(id, publication);
        } catch (UnknownOutcomeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            registration.announcements().withdraw(id);
            throw e;
        }
    }

    /** Ends a commit that took effect. */
    void done(SnapshotId id) throws IOException {
        if (repository.coordination().deadMayGoOn()) {
            registration.announcements().withdraw(id);
        }
    }

    /**
     * A copy, or a snapshot that is brought back, has the id that an earlier attempt may have had. What was refused to
     * that one can be given to this session, which has announced it and has all that it needs: if the late manifest of
     * the earlier attempt comes instead, it is of the same content.
     */
    private Snapshot publishOverRefusal(SnapshotId id, Publication publication) throws IOException {
        try {
            return publication.publish();
        } catch (FileAlreadyExistsException e) {
            if (!Refusal.isThere(repository.backend(), id)) {
                throw e;
            }
            checkRecognized(); // or it was this session that the refusal was meant for
            repository.backend().delete(id.objectName());
            return publication.publish();
        }
    }

    /** @throws IOException when somebody declared this session dead */
    void checkRecognized() throws IOException {
        if (!repository.coordination().isRecognized(registration.entry().id())) {
            throw new IOException("this session was declared dead (varve sessions --declare-dead), so 'varve gc' may"
                    + " have deleted what it relied on; it can no longer commit anything. Run the command again");
        }
    }
}
