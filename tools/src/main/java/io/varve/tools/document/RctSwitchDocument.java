package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("Whether the changes of the disk are tracked now.")
public record RctSwitchDocument(
        @Says("Whether changes are tracked") boolean tracked,

        @Says("Id to ask from next time; absent if there is none")
        Optional<String> mostRecentId,

        @Says("Of disable: the change ids that are void then, as far as they can be seen")
        Optional<List<RctBaseEntry>> bases) {}
