package io.varve.adapters.rsvd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a snapshot of Varve's remembers of a machine's shared disks: a line for each, stored with it as the source's
 * state.
 */
record SetState(List<Line> lines) {
    private static final String HEAD = "rsvd 1";

    SetState {
        lines = List.copyOf(lines);
    }

    /** Whether the server can tell changes since a snapshot that it deleted and kept a reference of. */
    enum References {
        UNTRIED,
        WORK,
        FAIL;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One disk.
     *
     * @param disk its identity
     * @param snapshot Varve's snapshot of it at the server
     */
    record Line(UUID disk, UUID snapshot, References references) {}

    String encode() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Line line : lines) {
            text.append('\n').append(line.disk()).append(' ').append(line.snapshot());
            text.append(' ').append(line.references().word());
        }
        return text.toString();
    }

    /** Empty for the state of another source. */
    static Optional<SetState> decode(String text) {
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(HEAD)) {
            return Optional.empty();
        }
        List<Line> found = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ");
            try {
                References references = References.valueOf(words[2].toUpperCase(java.util.Locale.ROOT));
                found.add(new Line(UUID.fromString(words[0]), UUID.fromString(words[1]), references));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
        return Optional.of(new SetState(found));
    }

    Optional<Line> of(UUID disk) {
        return lines.stream().filter(line -> line.disk().equals(disk)).findFirst();
    }
}
