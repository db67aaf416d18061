package io.varve.store.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.Backend;
import io.varve.store.backend.BackendContract;
import io.varve.store.backend.Traffic;
import io.varve.store.backend.WholeObject;
import io.varve.store.fault.UnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Over the S3 gateway of a real Ceph: what nobody here wrote checks signatures, lists and conditions. */
class CephBackendTest extends BackendContract {
    private static final String BUCKET = "varve-" + UUID.randomUUID();
    private static boolean made;

    private S3Backend backend;

    @Override
    protected Backend newBackend() throws IOException {
        CephCluster ceph = CephCluster.get();
        synchronized (CephBackendTest.class) {
            if (!made) {
                ceph.makeBucket(BUCKET);
                made = true;
            }
        }
        backend = backend(BUCKET, CephCluster.ENVIRONMENT);
        return backend;
    }

    private static S3Backend backend(String bucket, Map<String, String> environment) throws IOException {
        String place = "s3://" + bucket + "/" + UUID.randomUUID() + "?endpoint="
                + CephCluster.get().endpoint();
        return S3Backend.open(S3Address.parse(place), environment);
    }

    @Override
    protected int unpublished() {
        return backend.unpublished();
    }

    @Override
    protected void leaveUnpublished() {
        throw new UnsupportedOperationException("a crash leaves nothing");
    }

    @Override
    protected void theUnpublishedOfACrashedWriterIsClearedAndThatOfALivingOneIsNot() {
        // S3BackendTest has this.
    }

    @Test
    void manyPages() throws IOException {
        for (int i = 0; i < 1100; i++) {
            WholeObject.publish(backend, "packs/" + i % 16 + "/" + i, new byte[i % 5]);
        }
        List<String> names = new ArrayList<>();
        backend.list("packs", (name, size) -> {
            names.add(name);
            assertEquals(Integer.parseInt(name.substring(name.lastIndexOf('/') + 1)) % 5, size);
        });
        assertEquals(1100, names.stream().distinct().count());
        assertEquals(1100, names.size());
        assertEquals(2, backend.traffic().orElseThrow().requests(Traffic.Kind.LIST));
    }

    /** The gateway compares the body with the digest that was signed. */
    @Test
    void aBodyThatChangedOnItsWayIsRefused() throws IOException {
        S3Client client = S3Backend.client(
                S3Address.parse(
                        "s3://" + BUCKET + "?endpoint=" + CephCluster.get().endpoint()),
                CephCluster.ENVIRONMENT);
        S3Body honest = S3Body.of(new byte[] {1, 2, 3});
        S3Body changed = new S3Body() {
            @Override
            public long length() {
                return honest.length();
            }

            @Override
            public String digest() {
                return honest.digest();
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[] {1, 2, 4});
            }
        };
        IOException refused = assertThrows(
                IOException.class,
                () -> client.once(new S3Call("PUT", "changed").body(changed), Traffic.Kind.PUT, false));
        assertTrue(refused.getMessage().contains("XAmzContentSHA256Mismatch"), refused.getMessage());
        assertTrue(client.once(new S3Call("PUT", "honest").body(honest), Traffic.Kind.PUT, false)
                .succeeded());
    }

    @Test
    void wrongKeysAndMissingBucketsAreNamed() throws IOException {
        S3Backend stranger = backend(BUCKET, Map.of("AWS_ACCESS_KEY_ID", "access", "AWS_SECRET_ACCESS_KEY", "wrong"));
        AccessDeniedException denied =
                assertThrows(AccessDeniedException.class, () -> WholeObject.read(stranger, "a", 10));
        assertTrue(denied.getReason().contains("check the secret key"), denied.getReason());
        S3Backend nowhere = backend("no-such-" + BUCKET.substring(0, 19), CephCluster.ENVIRONMENT);
        UnavailableException missing =
                assertThrows(UnavailableException.class, () -> WholeObject.read(nowhere, "a", 10));
        assertTrue(missing.getMessage().contains("create the bucket first"), missing.getMessage());
        assertFalse(stranger.mayWrite());
        assertTrue(backend.mayWrite());
    }

    @Test
    void aLargeObjectThroughAFile() throws IOException {
        ByteBuffer large = ByteBuffer.allocateDirect(9 << 20);
        WholeObject.publish(backend, "small", new byte[10]);
        try (var object = backend.create()) {
            object.append(large.duplicate());
            object.publish("packs/ab/large");
        }
        ByteBuffer back = ByteBuffer.allocateDirect(4 << 20);
        backend.read("packs/ab/large", 5 << 20, back);
        assertEquals(0, back.remaining());
        assertEquals(9 << 20, backend.size("packs/ab/large"));
    }
}
