package io.varve.store.s3;

import io.varve.store.backend.Traffic;
import io.varve.store.fault.UnavailableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What requests for one repository's objects have in common: their names, and what an answer without success means. */
final class S3Objects {
    private final S3Address address;
    private final S3Client client;
    private final String prefix;

    S3Objects(S3Address address, S3Client client) {
        this.address = address;
        this.client = client;
        this.prefix = address.prefix().isEmpty() ? "" : address.prefix() + "/";
    }

    /** What the names of all objects in the bucket begin with: empty, or something that ends with a slash. */
    String prefix() {
        return prefix;
    }

    private String location() {
        return address.text();
    }

    /** An object, or the whole place if the name is empty, for messages. */
    String what(String name) {
        return name.isEmpty() ? location() : name + " in " + location();
    }

    /** Turns an answer that is no success into what it means. */
    IOException failure(S3Response response, String name, String step) {
        S3Error error = response.error();
        if (response.status() == 404 && !name.isEmpty() && !error.code().equals("NoSuchBucket")) {
            return new NoSuchFileException(name);
        }
        String advice = "";
        if (error.code().equals("NoSuchBucket")) {
            advice = "; create the bucket first, with the service's own tools";
        } else if (response.status() == 301 || response.status() == 307) {
            String region = response.header("x-amz-bucket-region").orElse("");
            advice = "; the bucket is elsewhere"
                    + (region.isEmpty() ? "" : ": give ?region=" + region.replaceAll("[^a-z0-9-]", ""));
        } else if (error.code().equals("InvalidObjectState")) {
            advice = "; the object is archived: restore it with the service's own tools first";
        } else if (error.code().equals("SignatureDoesNotMatch")) {
            advice = "; check the secret key and the region";
        } else if (error.isOfCredentials()) {
            advice = "; check the credentials";
        }
        String text = step + ": " + error.text() + advice;
        if (response.status() == 403 && !error.isOfCredentials()) {
            return new AccessDeniedException(
                    what(name), null, text + (advice.isEmpty() ? "; does the policy allow it?" : ""));
        }
        return new UnavailableException(what(name), text, null);
    }

    /** The answer to a HEAD, whatever it says. */
    S3Response look(String name) throws IOException {
        return client.send(new S3Call("HEAD", prefix + name), Traffic.Kind.HEAD, what(name));
    }

    /**
     * The successful answer to a HEAD.
     *
     * @throws NoSuchFileException when there is no such object
     */
    S3Response head(String name) throws IOException {
        S3Response response = look(name);
        if (!response.succeeded()) {
            throw failure(response, name, "cannot ask for its length");
        }
        return response;
    }

    boolean exists(String name) throws IOException {
        S3Response found = look(name);
        if (found.status() != 404 && !found.succeeded()) {
            throw failure(found, name, "cannot ask whether it exists");
        }
        return found.succeeded();
    }
}
