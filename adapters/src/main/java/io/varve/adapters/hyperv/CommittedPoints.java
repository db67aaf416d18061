package io.varve.adapters.hyperv;

import io.varve.engine.port.Previous;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The reference points that committed snapshots of a machine name.
 *
 * @param newest of the newest snapshot: the base of the next change list, if it has one
 * @param all ids, newest first
 */
public record CommittedPoints(Optional<String> newest, List<String> all) {
    public CommittedPoints {
        all = List.copyOf(all);
    }

    /** @param states of the source, as the machine's snapshots recorded them, newest first */
    public static CommittedPoints of(List<Optional<String>> states) {
        List<String> points = new ArrayList<>();
        for (Optional<String> state : states) {
            state.flatMap(NightState::decode).flatMap(NightState::point).ifPresent(points::add);
        }
        Optional<String> newest = states.stream()
                .findFirst()
                .flatMap(state -> state)
                .flatMap(NightState::decode)
                .flatMap(NightState::point);
        return new CommittedPoints(newest, points);
    }

    static CommittedPoints of(Previous previous) {
        return of(previous.nights().stream().map(Previous.Night::sourceState).toList());
    }

    /** Ids of those that are no base any more. */
    List<String> outdated() {
        return all.stream().filter(id -> !newest.equals(Optional.of(id))).toList();
    }
}
