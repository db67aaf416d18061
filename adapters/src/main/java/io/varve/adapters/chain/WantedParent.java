package io.varve.adapters.chain;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a differencing disk says about its parent, independent of the format. */
public interface WantedParent {
    /** Location of the child, for messages. */
    String child();

    /** Name of the format, for messages. */
    String format();

    /** The identity that the parent must have, with its kind, for messages. */
    String identity();

    /** The paths by which the child names its parent, the best one first. */
    List<NamedPath> paths();

    /** File name extensions of this format, in lower case, without the dot. */
    List<String> extensions();

    /**
     * Returns why the file is not the parent; empty if it is. Checks the identity only.
     *
     * @throws IOException if the file cannot be read, or does not have this format
     */
    Optional<String> objection(ByteSource candidate) throws IOException;
}
