package io.varve.store.s3;

import io.varve.store.backend.Backend.Observation;
import io.varve.store.backend.Traffic;
import io.varve.store.backend.WholeObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tests a bucket as it is configured: services differ, and versioning or a lock can change what a conditional put does.
 * Leaves nothing behind.
 */
final class BucketProbe {
    private static final int RACERS = 8;
    private static final int RACES = 4;

    private final S3Backend backend;
    private final S3Client client;
    private final String prefix;
    private final List<Observation> found = new ArrayList<>();

    BucketProbe(S3Backend backend, S3Client client, String prefix) {
        this.backend = backend;
        this.client = client;
        this.prefix = prefix;
    }

    List<Observation> run() throws IOException {
        int doubles = 0;
        for (int race = 0; race < RACES; race++) {
            String name = "tmp/" + UUID.randomUUID();
            try {
                doubles += race(name) > 1 ? 1 : 0;
                look(name);
            } finally {
                if (backend.exists(name)) {
                    backend.delete(name);
                }
            }
            if (names().contains(name)) {
                broken("lists an object after it was deleted: writers and gc cannot rely on its lists. Caches and"
                        + " secondary sites do this; give the address of the primary service");
            }
        }
        if (doubles > 0) {
            found.add(new Observation(
                    false,
                    "the bucket gives one name to several writers at once (" + doubles + " of " + RACES + " races):"
                            + " If-None-Match is not kept, as in versioned or locked buckets of some services. Varve"
                            + " does not depend on it for snapshots and packs, whose names never collide, but two"
                            + " 'varve init' at the same moment would both succeed"));
        }
        versions();
        lifecycle();
        return List.copyOf(found);
    }

    private void broken(String text) {
        found.add(new Observation(true, "the bucket " + text));
    }

    /** Returns how many of several writers believe that they created an object. */
    private int race(String name) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(RACERS);
        CountDownLatch start = new CountDownLatch(RACERS);
        try {
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                byte[] content = ("writer " + i).getBytes(StandardCharsets.UTF_8);
                writers.add(() -> {
                    start.countDown();
                    start.await();
                    try {
                        WholeObject.publish(backend, name, content);
                        return true;
                    } catch (FileAlreadyExistsException e) {
                        return false;
                    }
                });
            }
            int winners = 0;
            for (Future<Boolean> writer : threads.invokeAll(writers)) {
                winners += writer.get() ? 1 : 0;
            }
            return winners;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while testing the bucket", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void look(String name) throws IOException {
        if (!names().contains(name)) {
            broken("does not list an object that was just stored: writers and gc cannot rely on its lists. Caches and"
                    + " secondary sites do this; give the address of the primary service");
        }
        byte[] content = WholeObject.read(backend, name, 100);
        if (!new String(content, StandardCharsets.UTF_8).startsWith("writer ")) {
            broken("returns other bytes than were stored: " + Arrays.toString(content));
        }
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        backend.list("tmp", (name, size) -> names.add(name));
        return names;
    }

    /** A setting of the bucket; null if this user may not read it, or there is none. */
    private S3Xml setting(String name) {
        try {
            S3Response response = client.send(
                    new S3Call("GET", "").query(name, ""), Traffic.Kind.LIST, name + " of " + backend.location());
            return response.succeeded() && response.body().length > 0 ? S3Xml.read(response.body()) : null;
        } catch (IOException e) {
            return null; // it is for advice only, and not every service has it
        }
    }

    private void versions() {
        S3Xml versioning = setting("versioning");
        if (versioning != null && versioning.first("Status").equals("Enabled")) {
            found.add(new Observation(
                    false,
                    "the bucket keeps old versions: what 'varve gc' deletes still takes space, until a lifecycle rule"
                            + " removes versions that are no longer current"));
        }
    }

    private void lifecycle() {
        S3Xml rules = setting("lifecycle");
        if (rules == null) {
            return;
        }
        for (S3Xml rule : rules.parts("Rule")) {
            if (rule.first("Status").equals("Enabled") && mayConcernUs(rule)) {
                judge(rule);
            }
        }
    }

    private boolean mayConcernUs(S3Xml rule) {
        String begins = "";
        for (String path : List.of("Filter/Prefix", "Filter/And/Prefix", "Prefix")) {
            begins = begins.isEmpty() ? rule.first(path) : begins;
        }
        return begins.startsWith(prefix) || prefix.startsWith(begins);
    }

    private void judge(S3Xml rule) {
        boolean deletes = !rule.first("Expiration/Days").isEmpty()
                || !rule.first("Expiration/Date").isEmpty();
        boolean byTag = !rule.all("Filter/Tag/Key").isEmpty()
                || !rule.all("Filter/And/Tag/Key").isEmpty();
        if (deletes && !byTag) {
            broken("has a lifecycle rule that deletes objects by their age, perhaps those of this repository: Varve"
                    + " never rewrites a pack, so old packs are the ones that snapshots share. Remove the rule; 'varve"
                    + " forget' and 'varve gc' delete what is not needed");
        }
        if (!rule.all("Transition/StorageClass").isEmpty()) {
            found.add(new Observation(
                    false,
                    "the bucket has a lifecycle rule that moves objects to another storage class: if that has to be"
                            + " thawed before reading, restore, fsck and gc stop with a message"));
        }
    }
}
