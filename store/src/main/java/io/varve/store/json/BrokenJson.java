package io.varve.store.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;

/** What is wrong with a file that is no JSON. The parser's own words name its classes and mean little to operators. */
final class BrokenJson {
    private BrokenJson() {}

    /** @param name of the file */
    static CorruptDataException in(String name, IOException failure) {
        if (!(failure instanceof JsonProcessingException parsing)) {
            return new CorruptDataException(name, -1, "JSON in UTF-8", "another encoding");
        }
        JsonLocation at = parsing.getLocation();
        long offset = at == null ? -1 : at.getByteOffset();
        String where = at == null ? "" : " in line " + at.getLineNr();
        if (parsing instanceof JsonEOFException) {
            return new CorruptDataException(name, offset, "a JSON object to its closing brace", "the end of the file");
        }
        if (parsing instanceof StreamConstraintsException) {
            return new CorruptDataException(
                    name,
                    offset,
                    "JSON with at most " + SealedJson.MAX_DEPTH + " levels, and numbers and names of reasonable length",
                    "more" + where);
        }
        if (parsing instanceof MismatchedInputException) { // those of the two features that SealedJson sets
            return new CorruptDataException(
                    name, offset, "one JSON object, with each field once", "a second object or field" + where);
        }
        return new CorruptDataException(name, offset, "JSON", "something else" + where);
    }
}
