package io.varve.store.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.Backend;
import io.varve.store.backend.BackendContract;
import io.varve.store.backend.InDoubtException;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.backend.WholeObject;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.UnavailableException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a service in memory that can be told to answer wrongly. */
class S3BackendTest extends BackendContract {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("AWS_ACCESS_KEY_ID", "ak", "AWS_SECRET_ACCESS_KEY", "sk");

    @TempDir
    Path directory;

    private MemoryS3 service;
    private S3Backend backend;
    private Clock clock = Clock.systemUTC();
    private final List<Long> pauses = new ArrayList<>();

    @AfterEach
    void stop() {
        service.close();
    }

    private S3Backend backend(Map<String, String> environment) throws IOException {
        S3Address address = S3Address.parse("s3://bucket/some/place?endpoint=" + service.endpoint());
        S3Client client = new S3Client(
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(),
                S3Service.of(address, environment),
                new CredentialChain(environment, null),
                clock,
                pauses::add);
        return new S3Backend(address, client);
    }

    @Override
    protected Backend newBackend() throws IOException {
        service = new MemoryS3();
        backend = backend(ENVIRONMENT);
        return backend;
    }

    @Override
    protected int unpublished() {
        return backend.unpublished();
    }

    @Override
    protected void leaveUnpublished() {
        throw new UnsupportedOperationException("a crash leaves nothing");
    }

    /** What waits for its upload has no name, or loses it with the process. */
    @Override
    @Test
    protected void theUnpublishedOfACrashedWriterIsClearedAndThatOfALivingOneIsNot() throws IOException {
        Path staging = io.varve.store.cache.CacheDirectory.make("staging");
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.allocate(StagedObject.IN_MEMORY + 1));
            try (Stream<Path> left = Files.list(staging)) {
                assertEquals(0, left.count());
            }
            backend.deleteUnpublished();
            object.publish("a/large");
        }
        assertEquals(StagedObject.IN_MEMORY + 1, backend.size("a/large"));
        assertEquals(0, unpublished());
    }

    private void put(String name, String content) throws IOException {
        WholeObject.publish(backend, name, content.getBytes(StandardCharsets.UTF_8));
    }

    private String get(String name) throws IOException {
        return new String(WholeObject.read(backend, name, 1 << 20), StandardCharsets.UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aLargeObjectComesBack() throws IOException {
        byte[] large = random(5 << 20);
        try (ObjectWriter object = backend.create()) {
            for (int from = 0; from < large.length; from += 100_000) {
                object.append(ByteBuffer.wrap(large, from, Math.min(100_000, large.length - from)));
            }
            object.publish("packs/ab/large");
        }
        ByteBuffer target = ByteBuffer.allocateDirect(3 << 20);
        backend.read("packs/ab/large", 1 << 20, target);
        byte[] read = new byte[3 << 20];
        target.flip().get(read);
        assertArrayEquals(Arrays.copyOfRange(large, 1 << 20, 4 << 20), read);
    }

    @Test
    void aListOfManyPagesIsComplete() throws IOException {
        for (int i = 0; i < 40; i++) {
            put("packs/" + i % 3 + "/" + i, "x");
        }
        put("packs2/no", "x");
        List<String> names = new ArrayList<>();
        backend.list("packs", (name, size) -> names.add(name));
        assertEquals(40, names.stream().distinct().count());
        assertEquals(40, names.size());
        List<String> top = new ArrayList<>();
        backend.listTop(top::add);
        assertEquals(
                List.of("packs", "packs2"), top.stream().sorted().distinct().toList());
    }

    @Test
    void aStalePageRepeatsNothingAndADisorderedListIsRefused() throws IOException {
        IntStream.range(10, 40).forEach(i -> service.objects().put("some/place/a/" + i, new byte[1]));
        List<String> names = new ArrayList<>();
        backend.list("a", (name, size) -> names.add(name));
        assertEquals(30, names.size());
        service.fail(
                exchange -> exchange.getRequestURI().toString().contains("continuation"), MemoryS3.Fault.STALE_PAGE);
        UnavailableException stuck =
                assertThrows(UnavailableException.class, () -> backend.list("a", (name, size) -> {}));
        assertTrue(stuck.getMessage().contains("makes no progress"), stuck.getMessage());
        service.fail("GET", MemoryS3.Fault.UNORDERED_PAGE);
        UnavailableException disorder =
                assertThrows(UnavailableException.class, () -> backend.list("a", (name, size) -> {}));
        assertTrue(disorder.getMessage().contains("in the order of their names"), disorder.getMessage());
        service.fail("GET", MemoryS3.Fault.NOT_XML);
        assertThrows(UnavailableException.class, () -> backend.list("a", (name, size) -> {}));
    }

    @Test
    void whatMayPassIsTriedAgain() throws IOException {
        for (MemoryS3.Fault fault : new MemoryS3.Fault[] {
            MemoryS3.Fault.RESET_BEFORE,
            MemoryS3.Fault.RESET_AFTER,
            MemoryS3.Fault.INTERNAL,
            MemoryS3.Fault.INTERNAL_AFTER,
            MemoryS3.Fault.SLOW_DOWN,
            MemoryS3.Fault.CONFLICT
        }) {
            String name = "a/" + fault;
            service.fail("PUT", fault, fault);
            put(name, "put under " + fault);
            assertTrue(service.faultsAreUsedUp(), fault.toString());
            service.fail("GET", fault);
            assertEquals("put under " + fault, get(name));
            service.fail("HEAD", fault);
            assertEquals(10 + fault.toString().length(), backend.size(name));
            service.fail("DELETE", fault);
            backend.delete(name);
            assertFalse(backend.exists(name), fault.toString());
        }
        assertTrue(pauses.size() >= 24, pauses.toString());
        assertTrue(pauses.stream().allMatch(millis -> millis >= 100 && millis <= 20_000), pauses.toString());
        assertTrue(backend.traffic().orElseThrow().retries() >= 24);
    }

    /** The answer to a put got lost: the object there is ours, or it is not. */
    @Test
    void aLostAnswerDoesNotTurnIntoAnothersObject() throws IOException {
        service.fail("PUT", MemoryS3.Fault.RESET_AFTER);
        put("a/own", "mine");
        put("a/taken", "first");
        service.fail("PUT", MemoryS3.Fault.RESET_BEFORE);
        assertThrows(FileAlreadyExistsException.class, () -> put("a/taken", "second"));
        assertEquals("first", get("a/taken"));
    }

    @Test
    void aFailureWhileInDoubtLeavesTheOutcomeUnknown() throws IOException {
        for (MemoryS3.Fault then : new MemoryS3.Fault[] {MemoryS3.Fault.DENIED, MemoryS3.Fault.ARCHIVED}) {
            service.fail("PUT", MemoryS3.Fault.RESET_AFTER, then);
            assertThrows(InDoubtException.class, () -> put("a/" + then, "x"));
            service.fail("DELETE", MemoryS3.Fault.RESET_AFTER, then);
            put("b/" + then, "x");
            backend.delete("b/" + then); // a look showed that it is gone
        }
        put("a/b", "x");
        service.fail("DELETE", MemoryS3.Fault.RESET_BEFORE, MemoryS3.Fault.DENIED);
        assertThrows(InDoubtException.class, () -> backend.delete("a/b"));
    }

    /** A deletion whose answer got lost is not repeated on what somebody stored under the name since. */
    @Test
    void anotherObjectOfTheNameIsLeftAlone() throws IOException {
        put("a/b", "old");
        service.fail("DELETE", MemoryS3.Fault.RESET_AFTER);
        service.afterFault(() -> service.objects().put("some/place/a/b", "new!".getBytes(StandardCharsets.UTF_8)));
        backend.delete("a/b");
        assertEquals("new!", get("a/b"));
    }

    @Test
    void whatStandsInFrontOfTheServiceIsNotBelieved() throws IOException {
        put("a/b", "x");
        service.fail("HEAD", MemoryS3.Fault.NOT_OURS);
        assertTrue(backend.exists("a/b"));
        service.fail("GET", MemoryS3.Fault.NOT_OURS);
        assertEquals("x", get("a/b"));
        service.fail("GET", MemoryS3.Fault.NOT_OURS);
        List<String> names = new ArrayList<>();
        backend.list("a", (name, size) -> names.add(name));
        assertEquals(List.of("a/b"), names);
        assertEquals(3, pauses.size());
    }

    @Test
    void anEmptyPageIsNotTheEnd() throws IOException {
        put("a/b", "x");
        for (int i = 0; i < 2; i++) {
            List<String> names = new ArrayList<>();
            service.fail("GET", MemoryS3.Fault.EMPTY_PAGE);
            if (i == 0) {
                backend.list("a", (name, size) -> names.add(name));
                assertEquals(List.of("a/b"), names);
            } else {
                assertFalse(backend.isEmpty());
            }
            assertTrue(service.faultsAreUsedUp());
        }
    }

    @Test
    void aPartIsNotTakenForTheWhole() throws IOException {
        put("a/b", "0123456789");
        service.fail("GET", MemoryS3.Fault.SHORT_RANGE);
        assertThrows(UnavailableException.class, () -> get("a/b"));
        service.fail("GET", MemoryS3.Fault.SHORT_RANGE);
        assertThrows(UnavailableException.class, () -> backend.read("a/b", 2, ByteBuffer.allocate(5)));
        assertEquals("0123456789", get("a/b"));
    }

    @Test
    void whatAServiceDoesNotKnowIsNotAskedForAgain() throws IOException {
        service.fail(
                exchange -> exchange.getRequestURI().getQuery() != null
                        && exchange.getRequestURI().getQuery().startsWith("lifecycle"),
                MemoryS3.Fault.UNKNOWN_HERE);
        assertEquals(List.of(), backend.examine());
        assertTrue(service.faultsAreUsedUp());
        assertEquals(List.of(), pauses);
        service.fail("PUT", MemoryS3.Fault.UNKNOWN_HERE);
        assertThrows(UnavailableException.class, () -> put("a/b", "x"));
    }

    @Test
    void eachLifecycleRuleCountsByItself() throws IOException {
        String logs = "<Rule><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>30</Days>"
                + "</Expiration></Rule>";
        Map<String, Integer> rules = Map.of(
                logs,
                0,
                logs + logs.replace("logs/", ""),
                1,
                logs.replace("logs/", "some/"),
                1,
                logs.replace("logs/", "").replace("Enabled", "Disabled"),
                0,
                logs.replace("<Prefix>logs/</Prefix>", "<Tag><Key>k</Key><Value>v</Value></Tag>"),
                0);
        for (Map.Entry<String, Integer> rule : rules.entrySet()) {
            service.configure("lifecycle", "<LifecycleConfiguration>" + rule.getKey() + "</LifecycleConfiguration>");
            assertEquals(
                    rule.getValue(),
                    (int) backend.examine().stream()
                            .filter(Backend.Observation::isBroken)
                            .count(),
                    rule.getKey());
        }
    }

    @Test
    void aLargePutThatGotLostIsNotSentTwice() throws IOException {
        byte[] large = random(2 << 20);
        service.fail("PUT", MemoryS3.Fault.RESET_AFTER);
        WholeObject.publish(backend, "packs/ab/1", large);
        assertEquals(
                1, service.log().stream().filter(line -> line.startsWith("PUT")).count());
        assertThrows(FileAlreadyExistsException.class, () -> WholeObject.publish(backend, "packs/ab/1", large));
        assertEquals(
                1, service.log().stream().filter(line -> line.startsWith("PUT")).count(), "a look was enough");
    }

    @Test
    void aServiceThatStaysDownIsUnavailableOrInDoubt() throws IOException {
        put("a/b", "x");
        MemoryS3.Fault[] down = new MemoryS3.Fault[400];
        Arrays.fill(down, MemoryS3.Fault.INTERNAL);
        service.fail(exchange -> true, down);
        UnavailableException read = assertThrows(UnavailableException.class, () -> get("a/b"));
        assertTrue(read.getMessage().contains("a/b") && read.getMessage().contains("s3://bucket/some/place"));
        service.fail(exchange -> true, down);
        assertThrows(InDoubtException.class, () -> put("a/c", "y"));
        Arrays.fill(down, MemoryS3.Fault.SLOW_DOWN);
        service.fail("DELETE", down);
        assertThrows(InDoubtException.class, () -> backend.delete("a/b"));
        service.close();
        assertThrows(UnavailableException.class, () -> put("a/d", "never sent"));
        long waited = pauses.stream().mapToLong(Long::longValue).sum();
        assertTrue(waited > 4 * 290_000L && waited <= 5 * 300_000L, "five minutes for each of the five: " + waited);
    }

    @Test
    void halfABodyIsReadAgain() throws IOException {
        byte[] content = random(100_000);
        WholeObject.publish(backend, "a/b", content);
        service.fail("GET", MemoryS3.Fault.HALF_BODY, MemoryS3.Fault.HALF_BODY);
        ByteBuffer target = ByteBuffer.allocate(50_010).position(10);
        backend.read("a/b", 20_000, target);
        assertEquals(50_010, target.position());
        assertArrayEquals(Arrays.copyOfRange(content, 20_000, 70_000), Arrays.copyOfRange(target.array(), 10, 50_010));
        assertThrows(CorruptDataException.class, () -> WholeObject.read(backend, "a/b", 99_999));
    }

    @Test
    void refusalsSayWhatToDo() throws IOException {
        put("a/b", "x");
        Map<MemoryS3.Fault, String> advice = Map.of(
                MemoryS3.Fault.DENIED, "does the policy allow it?",
                MemoryS3.Fault.REDIRECT, "?region=eu-central-1",
                MemoryS3.Fault.ARCHIVED, "is archived",
                MemoryS3.Fault.EXPIRED, "check the credentials");
        for (Map.Entry<MemoryS3.Fault, String> entry : advice.entrySet()) {
            service.fail("GET", entry.getKey(), entry.getKey());
            IOException failure = assertThrows(IOException.class, () -> get("a/b"));
            String message = failure instanceof AccessDeniedException denied
                    ? denied.getFile() + ": " + denied.getReason()
                    : failure.getMessage();
            assertTrue(message.contains(entry.getValue()) && message.contains("a/b"), message);
        }
    }

    @Test
    void aWrongClockIsCorrected() throws IOException {
        for (Duration wrong : List.of(Duration.ofDays(-400), Duration.ofHours(3))) {
            clock = Clock.offset(Clock.systemUTC(), wrong);
            backend = backend(ENVIRONMENT);
            put("a/b" + wrong, "x");
            assertEquals("x", get("a/b" + wrong));
            assertEquals(1, backend.traffic().orElseThrow().retries(), "the clock of the service is kept in mind");
            backend = backend(ENVIRONMENT);
            assertTrue(backend.exists("a/b" + wrong), "an answer to HEAD does not name its reason");
        }
        assertEquals(List.of(), pauses, "that is no reason to wait");
    }

    /** Credentials that end in the middle of a run are read again. */
    @Test
    void credentialsThatEndAreReadAgain() throws IOException {
        Path file = directory.resolve("credentials");
        Path config = directory.resolve("config");
        Files.writeString(
                file, "[default]\naws_access_key_id = a\naws_secret_access_key = s\naws_session_token = one\n");
        backend = backend(Map.of("AWS_SHARED_CREDENTIALS_FILE", "" + file, "AWS_CONFIG_FILE", "" + config));
        put("a/b", "x");
        Files.writeString(
                file, "[default]\naws_access_key_id = a\naws_secret_access_key = s\naws_session_token = two\n");
        service.fail("GET", MemoryS3.Fault.EXPIRED);
        assertEquals("x", get("a/b"));
        assertTrue(service.tokens().contains("two"), service.tokens().toString());
    }
}
