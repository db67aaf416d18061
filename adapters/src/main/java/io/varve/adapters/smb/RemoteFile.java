package io.varve.adapters.smb;

import io.varve.adapters.smb.link.Link;
import io.varve.adapters.smb.link.LinkLostException;
import io.varve.adapters.smb.link.NtStatus;
import io.varve.adapters.smb.link.StatusException;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.CreateContext;
import io.varve.adapters.smb.wire.Created;
import io.varve.adapters.smb.wire.FileFacts;
import io.varve.adapters.smb.wire.FileId;
import io.varve.adapters.smb.wire.Info;
import io.varve.adapters.smb.wire.Ioctl;
import io.varve.adapters.smb.wire.OpenFile;
import io.varve.adapters.smb.wire.Reply;
import io.varve.adapters.smb.wire.Request;
import io.varve.adapters.smb.wire.TreeConnect;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * An open file on a share. When the connection was lost it goes on with the same open if the server kept it (a durable
 * handle). Otherwise, and only if {@link Return} allows it, the file is opened again by its name, and refused unless it
 * is the same file in the same state. For any number of threads; {@code close} must not race with them.
 */
public final class RemoteFile implements Closeable {
    /** What may be done when the server did not keep the open. */
    public enum Return {
        /** Open it again: it is only read, and its identity, size and times show whether it was changed meanwhile. */
        BY_NAME,
        /** Nothing: what was written before may be lost with the server's memory. */
        NEVER
    }

    /** At taking up an open that the server may have kept, with growing pauses. */
    private static final int ATTEMPTS = 4;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final SmbServer server;
    private final SmbPath path;
    private final Create how;
    private final Return back;
    private final UUID createId = UUID.randomUUID();
    private final UUID leaseKey = UUID.randomUUID();
    private final Created first;
    private volatile Handle handle;

    /** The open on one connection. */
    private record Handle(Link link, int tree, Created created, boolean persistent) {}

    private RemoteFile(SmbServer server, SmbPath path, Create how, Return back) throws IOException {
        this.server = server;
        this.path = path;
        this.how = how;
        this.back = back;
        this.handle = Recovery.run(server, path.share(), path.toString(), link -> open(link, how));
        this.first = handle.created();
    }

    /**
     * Opens a file.
     *
     * @param how its path is that of {@code path}, or that with a suffix
     * @throws StatusException when the server refuses
     */
    public static RemoteFile open(SmbServer server, SmbPath path, Create how, Return back) throws IOException {
        return new RemoteFile(server, path, how, back);
    }

    private Handle open(Link link, Create create) throws IOException {
        TreeConnect tree = link.tree(path.share());
        boolean persistent = tree.isContinuouslyAvailable();
        Create asked = create.with(CreateContext.of(CreateContext.QUERY_ON_DISK_ID, new byte[0]))
                .with(CreateContext.durable(createId, persistent));
        if (asked.oplock() == Create.LEASE) {
            asked = asked.with(CreateContext.lease(leaseKey));
        }
        Created created = created(link, tree, asked);
        return new Handle(link, tree.tree(), created, created.isPersistent());
    }

    private Created created(Link link, TreeConnect tree, Create asked) throws IOException {
        return link.send(tree.tree(), asked.request(), reply -> {
            require(reply, "opening");
            return Created.decode(reply);
        });
    }

    private void require(Reply reply, String doing) throws StatusException {
        if (reply.status() != 0) {
            throw new StatusException(path + ": " + doing, reply.status());
        }
    }

    private Handle handle(Link link) throws IOException {
        Handle known = handle;
        if (known.link() == link) {
            return known;
        }
        synchronized (this) {
            if (handle.link() != link) {
                handle = openAgain(link, handle);
            }
            return handle;
        }
    }

    private Handle openAgain(Link link, Handle before) throws IOException {
        Optional<Handle> kept = before.created().isDurable() ? takeUp(link, before) : Optional.empty();
        if (kept.isPresent()) {
            return kept.get();
        }
        if (back == Return.NEVER) {
            throw new IOException(path + ": the connection was lost, and the server did not keep the file open, so what"
                    + " was written may be lost with it. Begin again");
        }
        Handle again = open(link, how);
        String change = change(again.created());
        if (!change.isEmpty()) {
            close(again);
            throw new IOException(path + ": " + change + " while the connection was lost. Not continued with it");
        }
        return again;
    }

    /** Goes on with an open that the server kept; empty if it did not. */
    private Optional<Handle> takeUp(Link link, Handle before) throws IOException {
        TreeConnect tree = link.tree(path.share());
        CreateContext context = CreateContext.reconnect(before.created().file(), createId, before.persistent());
        Create again = new Create(
                how.path(), how.access(), how.share(), Create.OPEN, how.options(), how.oplock(), List.of(context));
        if (how.oplock() == Create.LEASE) {
            again = again.with(CreateContext.lease(leaseKey));
        }
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                Created created = created(link, tree, again);
                // The answer does not repeat what the first one said of durability and identity.
                Created same = new Created(
                        created.file(), created.facts(), before.created().contexts());
                return Optional.of(new Handle(link, tree.tree(), same, before.persistent()));
            } catch (StatusException e) {
                if (NtStatus.outcome(e.status()) == NtStatus.Outcome.RECONNECT) {
                    throw e;
                }
                // It was not kept, or the server has not noticed yet that the old connection is gone.
                LockSupport.parkNanos(PAUSE.toNanos() * attempt);
            }
        }
        return Optional.empty();
    }

    /** What is different from when the file was opened first; empty if nothing is. */
    private String change(Created now) {
        FileFacts before = first.facts();
        if (!first.isSameFileAs(now)) {
            return "it was replaced by another file";
        }
        boolean isSame = now.facts().size() == before.size()
                && now.facts().written() == before.written()
                && now.facts().changed() == before.changed();
        return isSame ? "" : "it was changed";
    }

    /** What is asked of an open file. */
    @FunctionalInterface
    public interface Asking {
        /** @param file the server's name of it on this connection */
        Request of(FileId file);
    }

    /**
     * Asks, again on another connection if need be: what is asked must not do harm twice.
     *
     * @param use gets answers of any status but those that a new connection is made for
     */
    public <T> T ask(Asking asking, Link.Use<T> use) throws IOException {
        return Recovery.run(server, path.share(), path.toString(), link -> {
            Handle own = handle(link);
            return link.send(own.tree(), asking.of(own.created().file()), reply -> {
                if (NtStatus.outcome(reply.status()) == NtStatus.Outcome.RECONNECT) {
                    throw new StatusException(path.toString(), reply.status());
                }
                return use.of(reply);
            });
        });
    }

    /** Asks, and wants success. */
    public <T> T done(String doing, Asking asking, Link.Use<T> use) throws IOException {
        return ask(asking, reply -> {
            require(reply, doing);
            return use.of(reply);
        });
    }

    /**
     * Reads bytes into the buffer, at most as many as fit and one request brings; on return its position is behind
     * them.
     *
     * @param use of a status that is not success, which must throw
     */
    public void read(long offset, ByteBuffer target, Link.Use<Void> use) throws IOException {
        int length = target.remaining();
        ask(file -> OpenFile.read(file, offset, length, 0), reply -> {
            if (reply.status() != 0) {
                return use.of(reply);
            }
            target.put(OpenFile.readData(reply, length));
            return null;
        });
    }

    /**
     * The outcome of a control code.
     *
     * @param status of the request; there is output with some statuses that are not success
     */
    public record Output(int status, Optional<byte[]> bytes) {}

    /** Sends a control code that may be sent twice. */
    public Output control(int code, byte[] input, int mostOutput) throws IOException {
        return ask(file -> Ioctl.request(code, file, input, mostOutput), reply -> {
            Optional<ByteBuffer> output = Ioctl.output(reply, code, mostOutput);
            return new Output(reply.status(), output.map(bytes -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                return copy;
            }));
        });
    }

    /** Times and size now, through this open. */
    public FileFacts facts() throws IOException {
        return done("asking for its size", Info::facts, Info::decodeFacts);
    }

    /** What the server said when the file was opened first: facts, identity, create contexts. */
    public Created first() {
        return first;
    }

    public SmbPath path() {
        return path;
    }

    /** Most bytes of one READ over the present connection. */
    public int mostRead() {
        return handle.link().mostRead();
    }

    /** Most bytes of one WRITE. */
    public int mostWrite() {
        return handle.link().mostWrite();
    }

    public int mostOutput() {
        return handle.link().mostTransact();
    }

    private static void close(Handle open) throws IOException {
        try {
            open.link().send(open.tree(), OpenFile.close(open.created().file()), Reply::status);
        } catch (LinkLostException e) {
            // With the connection, what was open on it is closed; the server gives up a durable handle after a while.
        }
    }

    @Override
    public void close() throws IOException {
        Handle open = handle;
        if (!open.link().isLost()) {
            close(open);
        }
    }
}
