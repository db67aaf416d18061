package io.varve.store.s3;

import io.varve.store.backend.InDoubtException;
import io.varve.store.backend.Traffic;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.UUID;

/**
 * Stores and deletes objects. The answer to either can get lost, and then the outcome is looked up or said to be
 * unknown: a put carries a random mark that shows whose object is there, and a deletion is not repeated on another
 * object of the same name.
 */
final class S3Changes {
    private static final String MARK = "x-amz-meta-varve-put";
    private static final int WORTH_A_LOOK = 1 << 20;

    private final S3Objects objects;
    private final S3Client client;
    private final String prefix;

    S3Changes(S3Objects objects, S3Client client) {
        this.objects = objects;
        this.client = client;
        this.prefix = objects.prefix();
    }

    /**
     * Stores an object under a name that is free.
     *
     * @throws FileAlreadyExistsException when it is not
     * @throws InDoubtException when no answer says whether it was stored
     */
    void put(String name, S3Body body) throws IOException {
        if (body.length() >= WORTH_A_LOOK && objects.exists(name)) {
            throw new FileAlreadyExistsException(name); // a refused put takes as long as one that is accepted
        }
        String mark = UUID.randomUUID().toString();
        S3Call call = new S3Call("PUT", prefix + name)
                .header("if-none-match", "*")
                .header(MARK, mark)
                .body(body);
        Retry retry = client.retry();
        boolean inDoubt = false;
        while (true) {
            try {
                if (inDoubt && body.length() >= WORTH_A_LOOK && isStored(name, mark)) {
                    return;
                }
                S3Response response = client.once(call, Traffic.Kind.PUT, retry.failures() > 0);
                if (response.succeeded()) {
                    return;
                }
                if (response.status() != 412) {
                    throw objects.failure(response, name, "cannot store it");
                }
                // Ours after all, if an answer got lost or somebody in between sent the request twice.
                inDoubt = true;
                if (isStored(name, mark)) {
                    return;
                }
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (TransientException e) {
                inDoubt |= e.mayHaveTakenEffect();
                if (!retry.again(e)) {
                    throw inDoubt(inDoubt, S3Client.unavailable(objects.what(name), e, retry), "it may be stored");
                }
            } catch (IOException e) {
                throw inDoubt(inDoubt, e, "it may be stored");
            }
        }
    }

    /**
     * Whether the object of that name was stored by the put with that mark.
     *
     * @throws FileAlreadyExistsException when another put stored it
     */
    private boolean isStored(String name, String mark) throws IOException {
        S3Response found = objects.look(name);
        if (found.status() == 404) {
            return false;
        }
        if (!found.succeeded()) {
            throw objects.failure(found, name, "cannot ask whether it is stored");
        }
        if (mark.equals(found.header(MARK).orElse(""))) {
            return true;
        }
        throw new FileAlreadyExistsException(name);
    }

    private static IOException inDoubt(boolean inDoubt, IOException failure, String outcome) {
        return inDoubt ? new InDoubtException(failure.getMessage() + "; " + outcome, failure) : failure;
    }

    /**
     * Deletes an object.
     *
     * @param seen what the service said of it before: another object of that name, put after a deletion whose answer
     *     got lost, is left alone
     */
    void remove(String name, S3Response seen) throws IOException {
        Retry retry = client.retry();
        boolean inDoubt = false;
        while (true) {
            try {
                if (inDoubt) {
                    S3Response now = objects.look(name);
                    if (now.status() == 404 || !isSame(now, seen)) {
                        return;
                    }
                }
                S3Response response =
                        client.once(new S3Call("DELETE", prefix + name), Traffic.Kind.DELETE, retry.failures() > 0);
                if (response.succeeded() || response.status() == 404) {
                    return;
                }
                throw objects.failure(response, name, "cannot delete it");
            } catch (TransientException e) {
                inDoubt |= e.mayHaveTakenEffect();
                if (!retry.again(e)) {
                    throw inDoubt(inDoubt, S3Client.unavailable(objects.what(name), e, retry), "it may be gone");
                }
            } catch (IOException e) {
                throw inDoubt(inDoubt, e, "it may be gone");
            }
        }
    }

    private static boolean isSame(S3Response one, S3Response two) {
        return one.header(MARK).equals(two.header(MARK))
                && one.header("etag").equals(two.header("etag"))
                && one.header("content-length").equals(two.header("content-length"));
    }
}
