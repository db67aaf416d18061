package io.varve.adapters.hyperv;

import io.varve.engine.port.Changes;
import io.varve.engine.port.Previous;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What tonight's change lists start from: the reference point of the machine's newest snapshot, or the reason why there
 * is none. Immutable.
 */
final class Base {
    private static final String NO_POINT = "no-reference-point";
    private static final String POINT_GONE = "reference-point-gone";
    private static final String POINT_INVALID = "reference-point-invalid";
    private static final String OTHER_TOKEN = "token-mismatch";
    private static final String ROLLED_BACK = "rolled-back";
    private static final String CHAIN_CHANGED = "chain-changed";

    private final Optional<ReferencePoint> point;
    private final Optional<NightState> night;
    private final Changes.Unknown why;

    private Base(Optional<ReferencePoint> point, Optional<NightState> night, Changes.Unknown why) {
        this.point = point;
        this.night = night;
        this.why = why;
    }

    /** @param points all that the host has of the machine */
    static Base of(Previous previous, List<ReferencePoint> points) {
        Optional<NightState> night =
                previous.newest().flatMap(Previous.Night::sourceState).flatMap(NightState::decode);
        Optional<String> id = night.flatMap(NightState::point);
        if (id.isEmpty()) {
            return none(NO_POINT, "the previous snapshot has no reference point on the host");
        }
        Optional<ReferencePoint> found =
                points.stream().filter(point -> point.id().equals(id.get())).findFirst();
        if (found.isEmpty()) {
            return none(
                    POINT_GONE,
                    "the host no longer has reference point " + id.get()
                            + ", which the previous snapshot relies on; another backup product may have removed it");
        }
        Optional<String> fault = found.get().fault();
        return fault.isPresent()
                ? none(POINT_INVALID, "reference point " + id.get() + " cannot be used: " + fault.get())
                : new Base(found, night, new Changes.Unknown("", ""));
    }

    /** For a machine whose disks were rolled back, which Windows did not see. */
    static Base afterRollback(RollbackNote.Rollback rollback) {
        return new Base(
                Optional.empty(),
                Optional.empty(),
                Changes.Unknown.planned(
                        ROLLED_BACK,
                        "the disks were rolled back to snapshot " + rollback.snapshot()
                                + " since the previous backup"));
    }

    private static Base none(String code, String reason) {
        return new Base(Optional.empty(), Optional.empty(), new Changes.Unknown(code, reason));
    }

    /** The reference point; empty when there is none that can be used. */
    Optional<ReferencePoint> point() {
        return point;
    }

    /**
     * Why changes of a disk since {@code token} cannot be asked for; empty when they can.
     *
     * @param token stored with the previous snapshot of the same disk
     */
    Optional<Changes.Unknown> refusal(HyperV host, CheckpointedDisk disk, String token) throws IOException {
        if (point.isEmpty()) {
            return Optional.of(why);
        }
        Optional<String> known = point.get().changeId(disk);
        if (!known.equals(Optional.of(token))) {
            return Optional.of(new Changes.Unknown(
                    OTHER_TOKEN,
                    "expected change id " + token + " in reference point "
                            + point.get().id() + " for the disk at " + disk.place() + ", found "
                            + known.orElse("none")));
        }
        String before = night.orElseThrow().files().get(disk.place());
        if (before == null || !HostChain.contains(HostChain.of(host, disk.file()), before)) {
            // After a checkpoint was applied, old change ids may still be answered, but describe another history.
            String wanted = before == null ? "a disk at " + disk.place() : before;
            return Optional.of(new Changes.Unknown(
                    CHAIN_CHANGED,
                    "expected the chain of " + disk.file() + " to hold " + wanted
                            + ", as in the previous backup, but it does not: a checkpoint was applied or deleted,"
                            + " or the disk was moved"));
        }
        return Optional.empty();
    }
}
