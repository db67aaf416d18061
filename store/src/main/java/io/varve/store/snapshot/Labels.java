package io.varve.store.snapshot;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * What the operator said of a snapshot when it was made. Part of the manifest, so it never changes, and anyone who can
 * read the storage can read it, even of an encrypted repository.
 *
 * @param tags short words to select snapshots by, in the order given
 * @param note a sentence for people
 */
public record Labels(List<String> tags, Optional<String> note) {
    /** Of a snapshot of which nothing was said. */
    public static final Labels NONE = new Labels(List.of(), Optional.empty());

    /** Tags of one snapshot. */
    public static final int MAX_TAGS = 100;

    /** Longest note, in UTF-16 units. */
    public static final int MAX_NOTE_LENGTH = 2000;

    public Labels {
        tags = List.copyOf(tags);
    }

    /** Why a writer must not write these; empty if it may. Readers take any, since they harm nothing. */
    public Optional<String> fault() {
        for (String tag : tags) {
            Optional<String> fault = NameRule.fault(tag);
            if (fault.isPresent()) {
                return Optional.of("the tag '" + tag + "' " + fault.get());
            }
        }
        if (tags.size() > MAX_TAGS) {
            return Optional.of("expected at most " + MAX_TAGS + " tags, found " + tags.size());
        }
        if (new HashSet<>(tags).size() < tags.size()) {
            return Optional.of("a tag is given twice");
        }
        return note.flatMap(Labels::faultOfNote);
    }

    private static Optional<String> faultOfNote(String text) {
        if (text.isBlank()) {
            return Optional.of("the note is empty");
        }
        if (text.length() > MAX_NOTE_LENGTH) {
            return Optional.of(
                    "the note has " + text.length() + " characters; at most " + MAX_NOTE_LENGTH + " are allowed");
        }
        return text.codePoints().anyMatch(NameRule::isInvisible)
                ? Optional.of("the note contains a character that is invisible or begins a line")
                : Optional.empty();
    }
}
