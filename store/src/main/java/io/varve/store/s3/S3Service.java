package io.varve.store.s3;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Where and how the bucket of an address is reached, after environment and profile were asked.
 *
 * @param endpoint scheme, host and port that requests go to
 * @param path what every path begins with: empty, or a slash and the bucket
 * @param region region for the signature
 */
record S3Service(URI endpoint, String path, String region) {
    /**
     * Completes an address.
     *
     * @param environment variables of the process
     * @throws IllegalArgumentException when a variable or a profile holds no valid endpoint
     */
    static S3Service of(S3Address address, Map<String, String> environment) throws IOException {
        Profile profile = Profile.read(environment, address.profile());
        String region = first(
                        address.region(),
                        environment.get("AWS_REGION"),
                        environment.get("AWS_DEFAULT_REGION"),
                        profile.value("region").orElse(null))
                .orElse("us-east-1");
        URI endpoint = address.endpoint();
        if (endpoint == null) {
            Optional<String> given = first(
                    environment.get("AWS_ENDPOINT_URL_S3"),
                    environment.get("AWS_ENDPOINT_URL"),
                    profile.value("endpoint_url").orElse(null));
            endpoint = given.isPresent()
                    ? S3Address.endpoint(given.get(), "endpoint of the environment or profile")
                    : null;
        }
        boolean isAmazon = endpoint == null;
        if (isAmazon) {
            if (!region.matches("[a-z0-9-]+")) {
                throw new IllegalArgumentException("expected a region like eu-central-1, found '" + region + "'");
            }
            endpoint = URI.create(
                    "https://s3." + region + (region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com"));
        }
        // A certificate for *.HOST does not cover a bucket with dots, and few other services answer for such hosts.
        boolean pathStyle = address.pathStyle() != null
                ? address.pathStyle()
                : !isAmazon || address.bucket().matches(".*[._].*");
        return pathStyle
                ? new S3Service(endpoint, "/" + address.bucket(), region)
                : new S3Service(
                        URI.create(endpoint.getScheme() + "://" + address.bucket() + "." + endpoint.getAuthority()),
                        "",
                        region);
    }

    private static Optional<String> first(String... values) {
        for (String value : values) {
            if (value != null && !value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** The value of the header {@code host}, as the JDK's client sends it. */
    String host() {
        int port = endpoint.getPort();
        boolean usual = port < 0 || port == (endpoint.getScheme().equals("https") ? 443 : 80);
        return endpoint.getHost() + (usual ? "" : ":" + port);
    }
}
