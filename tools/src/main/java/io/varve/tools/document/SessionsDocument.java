package io.varve.tools.document;

import java.util.List;
import java.util.Optional;

@Says("Who is at work in the repository.")
public record SessionsDocument(
        @Says("The sessions") List<SessionEntry> sessions,

        @Says("Rights that are held; empty for a folder, whose locks the operating system knows")
        List<ClaimEntry> claims,

        @Says("Id of the session that was declared dead; absent otherwise")
        Optional<String> declaredDead) {}
