package io.varve.adapters.chain;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a differencing disk says about its parent; each disk format says it in its own way. */
public interface WantedParent {
    /** The child, as the operator knows it. */
    String child();

    /** Name of the format, for messages. */
    String format();

    /** What the parent must have, for messages: the kind of identity and its value. */
    String identity();

    /** Where the child says its parent is, the best first. */
    List<NamedPath> paths();

    /** What names of files of this format end with, in lower case without dot. */
    List<String> extensions();

    /**
     * What speaks against the file being the parent; empty when it is. Looks at no more than the identity.
     *
     * @throws IOException when the file cannot be read or is none of this format
     */
    Optional<String> objection(ByteSource candidate) throws IOException;
}
