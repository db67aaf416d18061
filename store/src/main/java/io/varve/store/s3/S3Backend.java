package io.varve.store.s3;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.backend.Traffic;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Objects in a bucket. A name is given once by {@code If-None-Match: *}; each put carries a random mark, so that an
 * answer that got lost can be told from somebody else's object.
 */
public final class S3Backend implements Backend {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

    private final S3Address address;
    private final S3Client client;
    private final String prefix; // empty, or ends with a slash
    private final S3Objects objects;
    private final S3Changes changes;
    private final AtomicInteger unpublished = new AtomicInteger();
    private volatile Optional<Boolean> mayWrite = Optional.empty();

    /**
     * Sends nothing yet.
     *
     * @throws IOException when the environment's files cannot be read
     * @throws IllegalArgumentException when environment or profile name no valid service
     */
    public static S3Backend open(S3Address address, Map<String, String> environment) throws IOException {
        return new S3Backend(address, client(address, environment));
    }

    static S3Client client(S3Address address, Map<String, String> environment) throws IOException {
        S3Service service = S3Service.of(address, environment);
        return new S3Client(
                S3Http.client(address, service, environment),
                service,
                new CredentialChain(environment, address.profile()),
                Clock.systemUTC(),
                TimeUnit.MILLISECONDS::sleep);
    }

    S3Backend(S3Address address, S3Client client) {
        this.address = address;
        this.client = client;
        this.objects = new S3Objects(address, client);
        this.prefix = objects.prefix();
        this.changes = new S3Changes(objects, client);
    }

    @Override
    public String location() {
        return address.text();
    }

    @Override
    public int requestsAtOnce() {
        return S3Client.IN_FLIGHT;
    }

    @Override
    public Optional<Traffic> traffic() {
        return Optional.of(client.traffic());
    }

    /** Names the place whatever the address leaves to environment and defaults. */
    public String identity() {
        return client.service() + "/" + prefix;
    }

    @Override
    public boolean mayWrite() throws IOException {
        if (mayWrite.isEmpty()) {
            String probe = "tmp/" + UUID.randomUUID();
            try {
                changes.put(probe, S3Body.of(new byte[0]));
                S3Response deleted =
                        client.send(new S3Call("DELETE", prefix + probe), Traffic.Kind.DELETE, objects.what(probe));
                if (!deleted.succeeded()) {
                    throw new UnavailableException(
                            location(),
                            "objects can be stored but not deleted ("
                                    + deleted.error().text() + "): Varve needs both;" + " allow s3:DeleteObject",
                            null);
                }
                mayWrite = Optional.of(true);
            } catch (AccessDeniedException e) {
                mayWrite = Optional.of(false);
            }
        }
        return mayWrite.get();
    }

    @Override
    public ObjectWriter create() {
        unpublished.incrementAndGet();
        StagedObject staged = new StagedObject(changes::put);
        return new ObjectWriter() {
            private boolean open = true;

            @Override
            public void append(ByteBuffer bytes) throws IOException {
                staged.append(bytes);
            }

            @Override
            public long length() {
                return staged.length();
            }

            @Override
            public void publish(String name) throws IOException {
                staged.publish(name);
                close();
            }

            @Override
            public void close() throws IOException {
                if (open) {
                    open = false;
                    unpublished.decrementAndGet();
                    staged.close();
                }
            }
        };
    }

    int unpublished() {
        return unpublished.get();
    }

    @Override
    public long size(String name) throws IOException {
        String length = objects.head(name).header("content-length").orElse("");
        if (!length.matches("[0-9]{1,18}")) {
            throw new UnavailableException(objects.what(name), "the service did not say its length", null);
        }
        return Long.parseLong(length);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return objects.exists(name);
    }

    @Override
    public void read(String name, long offset, ByteBuffer target) throws IOException {
        int wanted = target.remaining();
        if (wanted == 0) {
            objects.head(name);
            return;
        }
        int start = target.position();
        String last = Long.toString(offset + wanted - 1);
        S3Call call = new S3Call("GET", prefix + name)
                .header("range", "bytes=" + offset + "-" + last)
                .into(target);
        S3Response response = client.send(call, Traffic.Kind.GET, objects.what(name) + " at offset " + offset);
        if (response.status() == 416) {
            throw new CorruptDataException(name, offset, wanted + " bytes", "the end of the object before them");
        }
        if (!response.succeeded()) {
            throw objects.failure(response, name, "cannot read it");
        }
        Matcher range = CONTENT_RANGE.matcher(response.header("content-range").orElse(""));
        boolean isWhole = response.status() == 200 && offset == 0;
        boolean isRange = response.status() == 206 && range.matches() && Long.parseLong(range.group(1)) == offset;
        if (!isWhole && !isRange) {
            target.position(start);
            throw new UnavailableException(
                    objects.what(name),
                    "expected the bytes from " + offset + ", found an answer with status " + response.status()
                            + " for '" + response.header("content-range").orElse("no range") + "'",
                    null);
        }
        if (response.filled() < wanted) {
            target.position(start);
            long end = offset + response.filled();
            if (isWhole || Long.parseLong(range.group(3)) == end) {
                throw new CorruptDataException(name, offset, wanted + " bytes", "the end of the object at " + end);
            }
            throw new UnavailableException(
                    objects.what(name), "the service sent " + response.filled() + " of " + wanted + " bytes", null);
        }
    }

    /** One request where the default needs two. */
    @Override
    public byte[] readWhole(String name, int limit) throws IOException {
        S3Response response = client.send(
                new S3Call("GET", prefix + name).header("range", "bytes=0-" + limit),
                Traffic.Kind.GET,
                objects.what(name));
        if (response.status() == 416
                && response.header("content-range").orElse("bytes */0").equals("bytes */0")) {
            return new byte[0]; // a range of an empty object
        }
        if (!response.succeeded()) {
            throw objects.failure(response, name, "cannot read it");
        }
        byte[] body = response.body();
        Matcher range = CONTENT_RANGE.matcher(response.header("content-range").orElse(""));
        boolean isRange =
                response.status() == 206 && range.matches() && range.group(1).equals("0");
        if (body.length > limit || isRange && Long.parseLong(range.group(3)) > limit) {
            throw new CorruptDataException(name, -1, "at most " + limit + " bytes", "more");
        }
        if (response.status() != 200 && !(isRange && Long.parseLong(range.group(3)) == body.length)) {
            throw new UnavailableException(objects.what(name), "the service sent a part of it", null);
        }
        return body;
    }

    @Override
    public void list(String directory, ObjectVisitor visitor) throws IOException {
        String below = prefix + directory + "/";
        String token = "";
        String last = "";
        do {
            ListedPage page = page(below, "", token);
            for (int i = 0; i < page.keys().size(); i++) {
                String key = page.keys().get(i);
                if (!key.startsWith(below)) {
                    throw new UnavailableException(
                            objects.what(directory), "the service listed an object of another place", null);
                }
                // Services list in the order of the names: what does not ascend was listed before.
                if (i > 0 && key.compareTo(page.keys().get(i - 1)) <= 0) {
                    throw new UnavailableException(
                            objects.what(directory),
                            "expected a list of objects in the order of their names, found another",
                            null);
                }
                if (key.compareTo(last) > 0) {
                    last = key;
                    visitor.object(key.substring(prefix.length()), page.sizes().get(i));
                }
            }
            token = next(page, token);
        } while (!token.isEmpty());
    }

    /** A page may be empty although more follow, but its token is new. */
    private String next(ListedPage page, String token) throws IOException {
        if (!page.next().isEmpty() && page.next().equals(token)) {
            throw new UnavailableException(location(), "the service's list makes no progress", null);
        }
        return page.next();
    }

    private ListedPage page(String below, String delimiter, String token) throws IOException {
        S3Call call = new S3Call("GET", "")
                .query("list-type", "2")
                .query("encoding-type", "url")
                .query("prefix", below);
        if (!delimiter.isEmpty()) {
            call.query("delimiter", delimiter);
        }
        if (!token.isEmpty()) {
            call.query("continuation-token", token);
        }
        S3Response response = client.send(call, Traffic.Kind.LIST, "the list of " + location());
        if (!response.succeeded()) {
            throw objects.failure(response, "", "cannot list it");
        }
        return ListedPage.decode(response.body(), "the list of " + location());
    }

    @Override
    public void listTop(NameVisitor visitor) throws IOException {
        String token = "";
        do {
            ListedPage page = page(prefix, "/", token);
            for (String key : page.keys()) {
                visitor.object(key.substring(prefix.length()));
            }
            for (String directory : page.prefixes()) {
                visitor.object(directory.substring(prefix.length(), directory.length() - 1));
            }
            token = next(page, token);
        } while (!token.isEmpty());
    }

    /** Whether the place holds no object at all. */
    public boolean isEmpty() throws IOException {
        boolean[] empty = {true};
        listTop(name -> empty[0] = false);
        return empty[0];
    }

    @Override
    public void delete(String name) throws IOException {
        changes.remove(name, objects.head(name)); // deleting what is not there is a success to the service
    }

    @Override
    public void move(String name, String target) throws IOException {
        S3Response source = objects.head(name);
        S3Response there = objects.look(target);
        if (there.succeeded()) {
            boolean isCopy = source.header("etag").isPresent()
                    && source.header("etag").equals(there.header("etag"))
                    && source.header("content-length").equals(there.header("content-length"));
            if (!isCopy) {
                throw new FileAlreadyExistsException(target);
            }
        } else if (there.status() != 404) {
            throw objects.failure(there, target, "cannot ask whether it exists");
        } else {
            copy(name, target, source);
        }
        changes.remove(name, source);
    }

    private void copy(String name, String target, S3Response source) throws IOException {
        S3Call call = new S3Call("PUT", prefix + target)
                .header("x-amz-copy-source", "/" + address.bucket() + "/" + Signature.encoded(prefix + name, true));
        S3Response response = client.send(call, Traffic.Kind.COPY, objects.what(target));
        // A copy that fails half-way answers 200, with the error in the body.
        String text = new String(response.body(), StandardCharsets.UTF_8);
        if (!response.succeeded()) {
            throw objects.failure(response, name, "cannot copy it to " + target);
        }
        boolean isWhole = !text.contains("<Error>")
                && objects.head(target).header("content-length").equals(source.header("content-length"));
        if (!isWhole) {
            throw new UnavailableException(
                    objects.what(name),
                    "cannot copy it to " + target + ": " + response.error().text(),
                    null);
        }
    }

    @Override
    public List<Observation> examine() throws IOException {
        return new BucketProbe(this, client, prefix).run();
    }

    @Override
    public void deleteUnpublished() {
        // What waits on this computer ends with its process.
    }

    @Override
    public void close() {
        // The JDK's client ends when nobody refers to it.
    }
}
