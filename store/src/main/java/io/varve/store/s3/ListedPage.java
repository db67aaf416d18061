package io.varve.store.s3;

import io.varve.store.fault.UnavailableException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One page of a list of objects.
 *
 * @param keys names in the bucket
 * @param sizes their lengths in bytes
 * @param prefixes beginnings of names up to the delimiter, if one was given
 * @param next token for the next page; empty if this is the last
 */
record ListedPage(List<String> keys, List<Long> sizes, List<String> prefixes, String next) {
    static ListedPage decode(byte[] body, String what) throws IOException {
        S3Xml xml;
        try {
            xml = S3Xml.read(body);
        } catch (IOException e) {
            throw new UnavailableException(what, "the service's list cannot be read (" + e.getMessage() + ")", e);
        }
        List<String> encoded = xml.all("Contents/Key");
        List<String> lengths = xml.all("Contents/Size");
        boolean isTruncated = xml.first("IsTruncated").equals("true");
        String next = isTruncated ? xml.first("NextContinuationToken") : "";
        boolean isList = isTruncated || xml.first("IsTruncated").equals("false");
        if (!isList || encoded.size() != lengths.size() || isTruncated && next.isEmpty()) {
            throw new UnavailableException(
                    what,
                    "expected a list of objects with as many lengths as names and a token for the next page, found "
                            + encoded.size() + " names, " + lengths.size() + " lengths",
                    null);
        }
        List<Long> sizes = new ArrayList<>();
        for (String length : lengths) {
            if (!length.matches("[0-9]{1,18}")) {
                throw new UnavailableException(what, "expected a length in the list, found '" + length + "'", null);
            }
            sizes.add(Long.parseLong(length));
        }
        return new ListedPage(decoded(encoded), sizes, decoded(xml.all("CommonPrefixes/Prefix")), next);
    }

    private static List<String> decoded(List<String> names) {
        return names.stream()
                .map(name -> URLDecoder.decode(name, StandardCharsets.UTF_8))
                .toList();
    }
}
