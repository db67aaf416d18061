package io.varve.adapters.hyperv.wsman;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An answer of HTTP, all of it.
 *
 * @param headers by name in small letters
 * @param keepsOpen whether the connection takes another request
 */
@SuppressWarnings("ArrayRecordComponent") // read once, compared never
record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body, boolean keepsOpen) {
    Optional<String> header(String name) {
        return all(name).stream().findFirst();
    }

    List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }
}
