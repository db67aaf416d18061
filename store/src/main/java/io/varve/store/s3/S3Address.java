package io.varve.store.s3;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A place in a bucket, as an operator writes it: {@code s3://BUCKET/PREFIX?endpoint=URL&region=NAME}. It never holds a
 * secret.
 *
 * @param bucket name of the bucket
 * @param prefix what the names of all objects begin with, without slashes at its ends; may be empty
 * @param endpoint address of the service; null for the one of the environment or profile, or Amazon's
 * @param region region for the signature; null for the one of the environment or profile
 * @param pathStyle whether the bucket's name goes into the path instead of the host; null for the usual
 * @param profile profile in the credentials file; null for the one of the environment, or the default
 * @param ca file with certificates, in PEM form, of authorities to trust besides the JDK's; null for none
 */
public record S3Address(
        String bucket, String prefix, URI endpoint, String region, Boolean pathStyle, String profile, Path ca) {
    /** What the text of every such address begins with. */
    public static final String SCHEME = "s3://";

    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._=@+-]+");
    private static final Set<String> PARAMETERS = Set.of("endpoint", "region", "path-style", "profile", "ca");

    /** Whether a text is meant as an address of a bucket. */
    public static boolean isOne(String text) {
        return text.startsWith(SCHEME);
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException says what is wrong with it
     */
    public static S3Address parse(String text) {
        if (!isOne(text)) {
            throw new IllegalArgumentException("expected s3://BUCKET/PREFIX, found '" + text + "'");
        }
        String rest = text.substring(SCHEME.length());
        int question = rest.indexOf('?');
        Map<String, String> parameters = question < 0 ? Map.of() : parameters(rest.substring(question + 1));
        String place = question < 0 ? rest : rest.substring(0, question);
        int slash = place.indexOf('/');
        String bucket = slash < 0 ? place : place.substring(0, slash);
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("expected the name of a bucket (3 to 63 lower-case letters, digits,"
                    + " dots, hyphens) after s3://, found " + quoted(bucket));
        }
        String region = parameters.get("region");
        String profile = parameters.get("profile");
        String ca = parameters.get("ca");
        return new S3Address(
                bucket,
                prefix(slash < 0 ? "" : place.substring(slash + 1)),
                parameters.containsKey("endpoint") ? endpoint(parameters.get("endpoint"), "endpoint") : null,
                region,
                pathStyle(parameters.get("path-style")),
                profile,
                ca == null ? null : Path.of(ca));
    }

    private static String prefix(String text) {
        String prefix = text;
        while (prefix.endsWith("/")) {
            prefix = prefix.substring(0, prefix.length() - 1);
        }
        if (!prefix.isEmpty()) {
            for (String part : prefix.split("/", -1)) {
                if (!PART.matcher(part).matches() || part.equals(".") || part.equals("..")) {
                    throw new IllegalArgumentException("expected parts of letters, digits and . _ - = @ + in the prefix"
                            + " '" + prefix + "', found '" + part + "'");
                }
            }
        }
        return prefix;
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new HashMap<>();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || equals == part.length() - 1 || !PARAMETERS.contains(name)) {
                // The value is not repeated: somebody may have put a secret there.
                throw new IllegalArgumentException("expected endpoint=URL, region=NAME, path-style=yes or no,"
                        + " profile=NAME or ca=FILE after '?', found " + quoted(name)
                        + (PARAMETERS.contains(name) ? " without a value" : ""));
            }
            String value = URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
            if (parameters.put(name, value) != null) {
                throw new IllegalArgumentException("'" + name + "' is given twice");
            }
        }
        return parameters;
    }

    /**
     * Reads the address of a service.
     *
     * @param origin where it was given, for the message
     */
    static URI endpoint(String text, String origin) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    origin + ": expected https://HOST or https://HOST:PORT, found something else");
        }
        boolean secure = "https".equals(uri.getScheme());
        boolean plain = "http".equals(uri.getScheme());
        boolean bare = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
        if (!secure && !plain || uri.getHost() == null || !bare) {
            throw new IllegalArgumentException(
                    origin + ": expected https://HOST or https://HOST:PORT and nothing behind it");
        }
        if (plain && !isLoopback(uri.getHost())) {
            throw new IllegalArgumentException(origin + ": expected https://, found http://" + uri.getHost()
                    + "; without TLS anybody between here and there can change what is read");
        }
        return uri;
    }

    /** A part of the address for a message; nothing that may hold a secret. */
    private static String quoted(String text) {
        return text.matches(".*[@:].*") ? "a text with '@' or ':' (an address holds no password)" : "'" + text + "'";
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static Boolean pathStyle(String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "yes", "true" -> true;
            case "no", "false" -> false;
            default ->
                throw new IllegalArgumentException("expected path-style=yes or path-style=no, found '" + text + "'");
        };
    }

    /** As an operator would write it, without what only says how to get there. */
    public String text() {
        return SCHEME
                + bucket
                + (prefix.isEmpty() ? "" : "/" + prefix)
                + (endpoint == null ? "" : " at " + endpoint.getAuthority());
    }
}
