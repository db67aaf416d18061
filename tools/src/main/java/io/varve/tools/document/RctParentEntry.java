package io.varve.tools.document;

import java.util.List;

@Says("The parent of a differencing disk, as Windows sees it.")
public record RctParentEntry(
        @Says("Whether Windows found it") boolean isFound,

        @Says("Where it is; if it was not found, everywhere that Windows looked")
        List<String> locations,

        @Says("Identifier of the content that the disk was made for")
        String identifier) {}
