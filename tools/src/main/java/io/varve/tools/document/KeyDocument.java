package io.varve.tools.document;

import java.util.Optional;

@Says("The key that was added.")
public record KeyDocument(
        @Says("Its id") String keyId,

        @Says("Id of the key that was removed; absent if none was")
        Optional<String> removedKeyId) {}
