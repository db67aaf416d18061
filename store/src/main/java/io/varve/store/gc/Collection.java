package io.varve.store.gc;

import io.varve.store.Repository;
import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.index.ChunkIndex;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackReader;
import io.varve.store.session.Sessions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Forgotten;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.trash.CondemnedLists;
import io.varve.store.trash.CondemnedPacks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One collection: mark, sweep the packs that an earlier one condemned, survey, repack, condemn. A pack is deleted only
 * in a later run than the one that condemned it, only after every session has ended that may rely on it, and only if a
 * second, independent marking also finds it unneeded. Backups and restores may run at the same time.
 *
 * <p>The order of listing makes this safe ({@code docs/protocol.md}): the packs, then the sessions, then the manifests.
 * So the writer of a listed pack is either seen alive, and the pack is left alone, or it has ended, and its manifest is
 * seen. A session that began before a list of condemned packs is either seen alive, and the list stays, or it has
 * ended, and its packs are marked.
 *
 * <p>A crash at any moment leaves duplicate packs, or a list whose packs are partly deleted; the next run continues.
 * Heap: 2 bytes per chunk and at most 48 per distinct map page.
 */
public final class Collection {
    private final WriteSession session;
    private final Repository repository;
    private final Backend backend;
    private final CondemnedLists lists;
    private final ChunkIndex index;
    private final CollectionOptions options;
    private final CollectionListener listener;
    private final long salt;
    private int postponedPacks;
    private int rescuedPacks;

    private Collection(WriteSession session, CollectionOptions options, CollectionListener listener, long salt) {
        this.session = session;
        this.repository = session.repository();
        this.backend = repository.backend();
        this.lists = new CondemnedLists(backend);
        this.index = session.index();
        this.options = options;
        this.listener = listener;
        this.salt = salt;
    }

    /**
     * Collects.
     *
     * @param session open for collection and used only by it
     * @param salt of the filter; a new one each time
     * @throws CollectionRefusedException when it is not safe, or would delete more than allowed
     * @throws CorruptDataException when a map page that a snapshot needs cannot be read
     */
    public static CollectionReport run(
            WriteSession session, CollectionOptions options, CollectionListener listener, long salt)
            throws IOException {
        session.checkMayCollect();
        return new Collection(session, options, listener, salt).run();
    }

    /**
     * Lifts all lists of condemned packs and so reinstates the packs.
     *
     * @param kept receives messages about packs that stay condemned, since their deletion has begun
     * @return how many were reinstated
     */
    public static int undo(WriteSession session, Consumer<String> kept) throws IOException {
        session.checkMayCollect();
        Backend backend = session.repository().backend();
        boolean deadMayGoOn = session.repository().coordination().deadMayGoOn();
        CondemnedLists lists = new CondemnedLists(backend);
        lists.withdrawProposals();
        int lifted = 0;
        for (CondemnedPacks list : lists.list(new ArrayList<>())) {
            if (lists.lift(list, deadMayGoOn)) {
                lifted += list.packs().size();
            } else {
                kept.accept(Count.of(list.packs().size(), "condemned pack cannot", "condemned packs cannot")
                        + " be reinstated: an interrupted gc had begun to delete them");
            }
        }
        session.index().catchUp(backend, (done, total) -> {});
        return lifted;
    }

    private CollectionReport run() throws IOException {
        boolean deadMayGoOn = repository.coordination().deadMayGoOn();
        if (!options.dryRun()) {
            lists.withdrawProposals();
            if (deadMayGoOn) {
                List<CorruptDataException> damaged = new ArrayList<>();
                lists.settleSweeps(damaged);
                damaged.forEach(e -> listener.warning("condemned-list-damaged", e.getMessage()));
            }
        }
        // Before the sessions: nobody is asked whether he honours a list that somebody else makes after that.
        Set<String> known = lists.names();
        Set<ChunkId> packs = lists.usablePacks();
        List<Sessions.Entry> others = new ArrayList<>(Sessions.living(repository));
        others.removeIf(entry -> entry.name().equals(session.entry().name()));
        Set<SnapshotId> inTrash = repository.shelf().inTrash();
        List<Snapshot> snapshots = new ArrayList<>(snapshots());
        int present = snapshots.size();
        List<Snapshot> held = new HeldSnapshots(session, listener, this::liftIfAllowed).among(inTrash);
        snapshots.addAll(held);
        held.forEach(snapshot -> inTrash.remove(snapshot.id()));
        session.lookAround(); // whatever those manifests need is published by now
        LiveFilter live = new LiveFilter(index.estimatedChunks(), salt);
        long pages = mark(snapshots, live);
        Survey survey = new Survey(backend, index, live);
        Sweep sweep = new Sweep(
                backend,
                index,
                survey,
                listener,
                held.stream().map(Snapshot::id).collect(Collectors.toSet()),
                deadMayGoOn);
        if (!options.dryRun()) {
            session.checkRecognized();
            sweep.run(
                    condemned(known, others),
                    suspects -> Mark.run(snapshots, session.pages(), suspects, () -> {}, listener::check));
        }
        Plan plan = plan(survey, packs, others);
        plan.checkBudget();
        long repacked = 0;
        int condemnedPacks = plan.going.size();
        long condemnedBytes = plan.goingBytes;
        if (!options.dryRun()) {
            repacked = repack(plan, survey);
            CondemnedPacks list = condemn(plan, survey, inTrash, snapshots);
            condemnedPacks = list == null ? 0 : list.packs().size();
            condemnedBytes = list == null ? 0 : list.bytes();
        }
        return new CollectionReport(
                present,
                pages,
                plan.packs,
                plan.bytes,
                plan.liveBytes,
                plan.going.size() - plan.thin.size(),
                plan.thin.size(),
                repacked,
                condemnedPacks,
                condemnedBytes,
                sweep.deletedPacks,
                sweep.deletedBytes,
                rescuedPacks + sweep.rescuedPacks,
                postponedPacks,
                plan.inUse);
    }

    /**
     * Condemned map pages count as absent here too. If one is needed anyway, a manifest was put back by hand, or a
     * session crashed while committing it: then every list is lifted.
     */
    private long mark(List<Snapshot> snapshots, LiveFilter live) throws IOException {
        try {
            listener.phase("marking", snapshots.size());
            return Mark.run(snapshots, session.pages(), live, this::advance, listener::check);
        } catch (CorruptDataException e) {
            if (options.dryRun()) {
                throw e;
            }
            liftAll(e);
            // Also where nothing was left on the lists: a session may have rescued it in this moment.
            listener.phase("marking", snapshots.size());
            return Mark.run(snapshots, session.pages(), live, this::advance, listener::check);
        }
    }

    private void advance() throws IOException {
        listener.advanced(1);
        listener.check();
    }

    private boolean liftIfAllowed(CorruptDataException why) throws IOException {
        if (!options.dryRun()) {
            liftAll(why);
        }
        return !options.dryRun();
    }

    private void liftAll(CorruptDataException why) throws IOException {
        int lifted = undo(session, listener::notice);
        rescuedPacks += lifted;
        if (lifted > 0) {
            listener.warning("condemned-pack-needed", "all condemned packs were reinstated: " + why.getMessage());
        }
    }

    /** All snapshots, or a failure: an unreadable or missing manifest may need any pack. */
    private List<Snapshot> snapshots() throws IOException {
        LostSnapshots lost = new LostSnapshots(repository);
        SnapshotCatalog.Listing listing = repository.snapshots().list();
        if (!listing.damaged().isEmpty()) {
            throw new CollectionRefusedException(Count.of(listing.damaged().size(), "manifest")
                    + " cannot be read, so it is unknown which packs are needed: "
                    + listing.damaged().get(0).getMessage() + "; run 'varve fsck', restore or remove each damaged"
                    + " manifest, then run gc again");
        }
        Set<ChunkId> known = new HashSet<>();
        Set<SnapshotId> explained = new HashSet<>();
        for (Snapshot snapshot : listing.snapshots()) {
            known.add(snapshot.digest());
            explained.add(snapshot.id());
        }
        List<CorruptDataException> damaged = new ArrayList<>();
        for (Forgotten record : repository.shelf().forgotten(damaged)) {
            known.add(record.digest());
            explained.add(record.id());
        }
        for (Snapshot snapshot : listing.snapshots()) {
            if (snapshot.manifest().link().isPresent()
                    && !known.contains(snapshot.manifest().link().get())) {
                throw new CollectionRefusedException("the snapshot before " + snapshot.id() + " of machine "
                        + snapshot.manifest().machine() + " is missing and was not forgotten"
                        + (damaged.isEmpty()
                                ? ""
                                : ", or its record is damaged ("
                                        + damaged.get(0).file() + ")")
                        + ": the listing may be incomplete; run 'varve fsck', and if that snapshot is"
                        + " gone for good, forget " + snapshot.id() + " too");
            }
        }
        lost.refuse(explained, listener);
        return listing.snapshots();
    }

    /**
     * The lists that every live session honours.
     *
     * @param known lists that were there before the sessions were listed
     */
    private List<CondemnedPacks> condemned(Set<String> known, List<Sessions.Entry> others) throws IOException {
        List<CorruptDataException> damaged = new ArrayList<>();
        List<CondemnedPacks> settled = new ArrayList<>();
        for (CondemnedPacks list : lists.list(damaged)) {
            if (!known.contains(list.name())) {
                continue;
            }
            List<String> waitingFor = others.stream()
                    .filter(entry -> !entry.honours().contains(list.name()))
                    .map(Sessions.Entry::description)
                    .toList();
            if (waitingFor.isEmpty()) {
                settled.add(list);
            } else {
                postponedPacks += list.packs().size();
                listener.notice(Count.of(list.packs().size(), "condemned pack is", "condemned packs are")
                        + " kept until these earlier sessions end: " + String.join("; ", waitingFor));
            }
        }
        damaged.forEach(e -> listener.warning("condemned-list-damaged", e.getMessage()));
        return settled;
    }

    /** The packs to condemn and to repack. */
    private final class Plan {
        final List<ChunkId> going = new ArrayList<>();
        final List<ChunkId> thin = new ArrayList<>();
        int packs;
        int inUse;
        long bytes;
        long liveBytes;
        int left;
        long goingBytes;
        long deadBytes;

        void checkBudget() throws CollectionRefusedException {
            if (deadBytes > bytes * options.maxDelete() / 100) {
                throw new CollectionRefusedException(String.format(
                        java.util.Locale.ROOT,
                        "%d of %d bytes (%.1f %%) are needed by no snapshot, more than the allowed %.0f"
                                + " %%: if so many snapshots were forgotten on purpose, raise --max-delete",
                        deadBytes,
                        bytes,
                        100.0 * deadBytes / Math.max(1, bytes),
                        options.maxDelete()));
            }
        }
    }

    private Plan plan(Survey survey, Set<ChunkId> packs, List<Sessions.Entry> others) throws IOException {
        Plan plan = new Plan();
        listener.phase("weighing", packs.size());
        for (ChunkId pack : packs) {
            try {
                Survey.Weighed weighed = survey.weigh(pack);
                long size = weighed.liveBytes() + weighed.deadBytes();
                plan.packs++;
                plan.bytes += size;
                plan.liveBytes += weighed.liveBytes();
                boolean isThin = weighed.deadBytes() > size * options.maxWaste() / 100;
                if (isThin && !weighed.isEmpty() && !session.canWritePacks()) {
                    plan.left++;
                    isThin = false;
                }
                if ((weighed.isEmpty() || isThin) && isBeingWritten(pack, others)) {
                    plan.inUse++;
                } else if (weighed.isEmpty() || isThin) {
                    plan.going.add(pack);
                    survey.keep(weighed);
                    plan.goingBytes += size;
                    plan.deadBytes += weighed.deadBytes();
                    if (!weighed.isEmpty()) {
                        plan.thin.add(pack);
                    }
                }
            } catch (CorruptDataException e) {
                listener.warning("pack-unreadable", "kept: " + e.getMessage());
            } catch (NoSuchFileException e) {
                // Deleted by the sweep: it was on two lists, one of which was lifted.
            }
            advance();
        }
        if (plan.left > 0) {
            listener.notice(Count.of(plan.left, "pack")
                    + " with much waste not repacked: in a bucket, repacking requires the key");
        }
        return plan;
    }

    /** No manifest refers yet to packs that a live session is about to commit. */
    private boolean isBeingWritten(ChunkId pack, List<Sessions.Entry> others) throws IOException {
        if (others.isEmpty()) {
            return false;
        }
        int tag = PackReader.sessionTag(backend, pack);
        return others.stream().anyMatch(entry -> entry.tag() == 0 || entry.tag() == tag);
    }

    /** Copies needed frames out of thin packs, each verified first. A damaged pack is left alone. */
    private long repack(Plan plan, Survey survey) throws IOException {
        listener.phase("repacking", plan.thin.size());
        long copied = 0;
        for (ChunkId pack : plan.thin) {
            try {
                copied += copy(survey.weigh(pack), survey);
            } catch (CorruptDataException e) {
                listener.warning("pack-damaged", "not repacked: " + e.getMessage());
                plan.going.remove(pack);
            }
            advance();
        }
        session.finishPacks();
        return copied;
    }

    private long copy(Survey.Weighed weighed, Survey survey) throws IOException {
        String object = PackFormat.objectName(weighed.pack());
        // All frames are verified before the first is copied, so damage leaves no partial copy.
        for (boolean check : new boolean[] {true, false}) {
            for (int frame = weighed.liveFrames().nextSetBit(0);
                    frame >= 0;
                    frame = weighed.liveFrames().nextSetBit(frame + 1)) {
                FrameHeader header = weighed.footer().header(frame);
                long offset = weighed.footer().offset(frame);
                ByteBuffer payload = PackReader.checkedPayload(
                        survey.read(object, offset, header.frameLength()), header, object, offset);
                if (!check) {
                    session.copy(header, payload);
                }
            }
        }
        return weighed.liveBytes();
    }

    /** The last check before packs count as absent: everything needed in them can be read elsewhere. */
    private CondemnedPacks condemn(Plan plan, Survey survey, Set<SnapshotId> forgotten, List<Snapshot> marked)
            throws IOException {
        Set<ChunkId> going = new HashSet<>();
        for (ChunkId pack : plan.going) {
            // Repacking may have come to a pack that was there: an earlier run made it and did not get further.
            if (!survey.isNamed(pack)) {
                going.add(pack);
            }
        }
        List<ChunkId> condemned = new ArrayList<>();
        long bytes = 0;
        for (ChunkId pack : going) {
            listener.check();
            if (survey.unreplaced(pack, going).isEmpty()) {
                condemned.add(pack);
                bytes += backend.size(PackFormat.objectName(pack));
            } else {
                listener.warning("pack-still-needed", "kept: pack " + pack.hex());
            }
        }
        if (condemned.size() > CondemnedPacks.MOST) {
            listener.notice(Count.of(
                    condemned.size() - CondemnedPacks.MOST,
                    "pack that nothing needs is left for the next gc",
                    "packs that nothing needs are left for the next gc"));
            List<ChunkId> left = condemned.subList(CondemnedPacks.MOST, condemned.size());
            for (ChunkId pack : left) {
                bytes -= backend.size(PackFormat.objectName(pack));
            }
            left.clear();
        }
        Set<SnapshotId> still = new HashSet<>(forgotten);
        still.retainAll(repository.shelf().inTrash()); // the sweep may have discarded some
        if (condemned.isEmpty() && still.isEmpty()) {
            return null;
        }
        List<String> snapshots = still.stream().map(SnapshotId::text).sorted().toList();
        // First the proposal, then the manifests committed since the marking: later commits see the proposal.
        CondemnedPacks list = lists.propose(condemned, bytes, snapshots);
        LateSnapshots late = new LateSnapshots(session, marked);
        Set<ChunkId> rescued;
        try {
            rescued = late.neededOf(list, ~salt);
        } catch (CorruptDataException e) {
            // Committed in this moment by a session that an earlier list did not stop, and that has not rescued yet
            // what it needs of that one. The next collection condemns again; real damage shows in a second look.
            liftAll(e);
            late.neededOf(list, ~salt);
            return null;
        }
        lists.rescue(rescued);
        session.checkRecognized(); // others may have withdrawn the proposal, so that commits did not heed it
        lists.putIntoForce(list);
        condemned.removeAll(rescued);
        index.condemn(Set.copyOf(condemned));
        return list;
    }
}
