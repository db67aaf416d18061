package io.varve.tools.document;

import java.time.Instant;

@Says("A key of an encrypted repository.")
public record KeyEntry(
        @Says("Its id") String id,
        @Says("What it is, such as passphrase") String kind,
        @Says("Its label") String label,
        @Says("When it was added") Instant createdAt) {}
