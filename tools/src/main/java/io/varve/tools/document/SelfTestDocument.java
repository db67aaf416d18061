package io.varve.tools.document;

import java.util.List;

@Says("What Windows answered to what Varve relies on.")
public record SelfTestDocument(
        @Says("Version of Varve") String version,
        @Says("Operating system and its version") String system,
        @Says("The questions, in the order they were asked") List<SelfTestEntry> answers) {}
