package io.varve.adapters.smb.link;

import io.varve.adapters.smb.wire.Command;
import io.varve.adapters.smb.wire.Ioctl;
import io.varve.adapters.smb.wire.LeaseBreak;
import io.varve.adapters.smb.wire.Reply;
import io.varve.adapters.smb.wire.Request;
import io.varve.adapters.smb.wire.TreeConnect;
import io.varve.adapters.smb.wire.ValidateNegotiate;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import jcifs.CIFSContext;
import jcifs.CIFSException;
import jcifs.Credentials;
import jcifs.internal.smb2.Smb2SigningDigest;
import jcifs.internal.smb2.nego.Smb2NegotiateRequest;
import jcifs.internal.smb2.nego.Smb2NegotiateResponse;
import jcifs.netbios.UniAddress;
import jcifs.smb.SessionSeam;

/**
 * One signed connection to a server, with one session. Every answer is verified before it is handed out. Once lost, it
 * stays lost. For any number of threads; each waits for its own answer.
 */
public final class Link implements Closeable {
    private static final int SMB_3_1_1 = 0x311;

    /** Answers longer than this get bytes that were used before. */
    private static final int SHORT = 64 << 10;

    private static final Duration END = Duration.ofMillis(300);

    private final ServerAddress address;
    private final CIFSContext context;
    private final SessionSeam seam;
    private final ReentrantLock ids = new ReentrantLock();
    private final ConcurrentLinkedQueue<byte[]> spaces = new ConcurrentLinkedQueue<>();
    private final Map<String, TreeConnect> trees = new HashMap<>(); // guarded by itself
    private volatile boolean lost;
    private volatile Session session;

    /** What the logon gave. */
    private record Session(
            long id, Optional<Smb2SigningDigest> digest, int mostRead, int mostWrite, int mostTransact, int dialect) {}

    private Link(ServerAddress address, CIFSContext context, SessionSeam seam) {
        this.address = address;
        this.context = context;
        this.seam = seam;
    }

    /**
     * Connects, logs on and connects a share, which is what proves the logon.
     *
     * @param who the account in messages
     * @throws StatusException when the server refuses account or share
     * @throws LinkLostException when it cannot be reached
     */
    public static Link open(ServerAddress address, Credentials credentials, String who, String share, Timings timings)
            throws IOException {
        try {
            return open(List.of(InetAddress.getAllByName(address.host())), address, credentials, who, share, timings);
        } catch (UnknownHostException e) {
            throw new LinkLostException("there is no host of the name " + address.host(), e);
        }
    }

    /** Tries a host's addresses one after the other, as long as they cannot be reached. */
    static Link open(
            List<InetAddress> found,
            ServerAddress address,
            Credentials credentials,
            String who,
            String share,
            Timings timings)
            throws IOException {
        LinkLostException lost = null;
        for (InetAddress one : found) {
            try {
                return open(one, address, credentials, who, share, timings);
            } catch (LinkLostException e) {
                if (lost != null) {
                    e.addSuppressed(lost);
                }
                lost = e;
            }
        }
        if (lost == null) {
            throw new IllegalArgumentException("a host without an address: " + address);
        }
        throw lost;
    }

    private static Link open(
            InetAddress found,
            ServerAddress address,
            Credentials credentials,
            String who,
            String share,
            Timings timings)
            throws IOException {
        LinkCryptography.install();
        CIFSContext context = LinkContext.of(credentials, timings);
        SessionSeam seam = SessionSeam.of(context, new UniAddress(found), address.port(), address.host());
        Link link = new Link(address, context, seam);
        try {
            link.logOn(who, share);
            return link;
        } catch (IOException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private String unc(String share) {
        return "\\\\" + address.host() + "\\" + share;
    }

    private void logOn(String who, String share) throws IOException {
        Request request = TreeConnect.request(unc(share));
        SignedAnswer answer = new SignedAnswer(context.getConfig(), request, seam, ids, new byte[SHORT]);
        SignedRequest signed = new SignedRequest(context.getConfig(), request, answer);
        CIFSException failure = null;
        try {
            seam.logOnAndSend(signed);
        } catch (CIFSException e) {
            failure = e;
        }
        if (!answer.isComplete()) {
            throw LogonFailure.of(address, who, failure);
        }
        Smb2NegotiateResponse negotiated = seam.negotiated();
        session = new Session(
                signed.getSessionId(),
                seam.digest(),
                Math.min(LinkContext.MOST_READ, negotiated.getReceiveBufferSize()),
                Math.min(LinkContext.MOST_WRITE, negotiated.getSendBufferSize()),
                Math.min(LinkContext.MOST_READ, negotiated.getMaxTransactSize()),
                negotiated.getDialectRevision());
        TreeConnect tree = connected(share, answer.verified(Command.TREE_CONNECT.toString(), session.digest()));
        if (session.dialect() != SMB_3_1_1) {
            validate(tree, negotiated);
        }
        synchronized (trees) {
            trees.put(share, tree);
        }
        seam.listen(new Unasked(context.getConfig(), lease -> consent(tree.tree(), lease)));
    }

    /** In a thread of its own: the caller is the one that receives the answer. */
    private void consent(int tree, LeaseBreak lease) {
        Thread thread = new Thread(
                () -> {
                    try {
                        send(tree, lease.consent(), Reply::status); // a refusal means that it is gone already
                    } catch (IOException e) {
                        // The connection is lost, and the lease with it.
                    }
                },
                "smb-lease");
        thread.setDaemon(true);
        thread.start();
    }

    /** Before 3.1.1 nothing but this protects what was negotiated. */
    private void validate(TreeConnect tree, Smb2NegotiateResponse negotiated) throws IOException {
        Smb2NegotiateRequest offered = seam.offered();
        byte[] input = ValidateNegotiate.input(
                offered.getCapabilities(), offered.getClientGuid(), offered.getSecurityMode(), offered.getDialects());
        ValidateNegotiate expected = ValidateNegotiate.of(
                negotiated.getCapabilities(),
                negotiated.getServerGuid(),
                negotiated.getSecurityMode(),
                negotiated.getDialectRevision());
        int code = Ioctl.VALIDATE_NEGOTIATE_INFO;
        Request request = Ioctl.request(code, Ioctl.NO_FILE, input, ValidateNegotiate.LENGTH);
        ValidateNegotiate found = send(tree.tree(), request, reply -> {
            if (reply.status() != 0) {
                throw new StatusException(address + ": confirming what was negotiated", reply.status());
            }
            Optional<ByteBuffer> output = Ioctl.output(reply, code, ValidateNegotiate.LENGTH);
            return ValidateNegotiate.decode(output.orElse(ByteBuffer.allocate(0)));
        });
        if (!found.equals(expected)) {
            throw new IOException(address + ": somebody changed what was negotiated with the server: it says " + found
                    + ", but what came was " + expected + ". Not continued");
        }
    }

    private TreeConnect connected(String share, Reply reply) throws IOException {
        if (reply.status() == NtStatus.ACCESS_DENIED.code()) {
            throw new StatusException(
                    "smb://" + address + "/" + share + ": the account has no right on the share, or the share wants"
                            + " encryption, which Varve does not have (Get-SmbShare: EncryptData; smb.conf: server smb"
                            + " encrypt). Mount such a share with the operating system",
                    reply.status());
        }
        if (reply.status() != 0) {
            throw new StatusException("smb://" + address + "/" + share, reply.status());
        }
        TreeConnect tree = TreeConnect.decode(reply);
        if (tree.mustEncrypt()) {
            throw new IOException("smb://" + address + "/" + share + ": wants encryption, which Varve does not have;"
                    + " mount it with the operating system (mount -t cifs -o seal)");
        }
        if (!tree.isDisk()) {
            throw new IOException("smb://" + address + "/" + share + ": is not a share with files");
        }
        return tree;
    }

    /** The share of that name, connected if it was not. */
    public TreeConnect tree(String share) throws IOException {
        synchronized (trees) {
            TreeConnect known = trees.get(share);
            if (known == null) {
                known = send(0, TreeConnect.request(unc(share)), reply -> connected(share, reply));
                trees.put(share, known);
            }
            return known;
        }
    }

    /** What is made of an answer. */
    @FunctionalInterface
    public interface Use<T> {
        /** @param reply verified, with any status; its bytes are used again afterwards */
        T of(Reply reply) throws IOException;
    }

    /**
     * Sends a request and waits for the answer.
     *
     * @throws LinkLostException when there is none
     * @throws SignatureException when it is not the server's
     */
    public <T> T send(int tree, Request request, Use<T> use) throws IOException {
        Session own = session;
        String what = request.command().toString();
        if (lost) {
            throw new LinkLostException("the connection to " + address + " is lost", null);
        }
        boolean isLong = request.replyLength() > SHORT;
        byte[] space = isLong ? spaces.poll() : new byte[request.replyLength() + 1024];
        if (space == null) {
            space = new byte[request.replyLength() + SHORT];
        }
        SignedAnswer answer = new SignedAnswer(context.getConfig(), request, seam, ids, space);
        SignedRequest signed = new SignedRequest(context.getConfig(), request, answer);
        signed.setSessionId(own.id());
        signed.setTreeId(tree);
        signed.setDigest(own.digest().orElse(null));
        CIFSException failure = null;
        try {
            seam.send(signed);
        } catch (CIFSException e) {
            failure = e; // also for a status, which the answer has
        }
        if (!answer.isComplete()) {
            end();
            throw new LinkLostException(
                    address + ": no answer to " + what + " (" + LogonFailure.said(failure) + ")", failure);
        }
        try {
            return use.of(answer.verified(what, own.digest()));
        } catch (SignatureException e) {
            boolean isCut = endsSoon();
            end();
            if (isCut) { // the library does not say that the answer is not whole
                throw new LinkLostException(address + ": the answer to " + what + " was cut off", e);
            }
            throw e;
        } finally {
            if (isLong) {
                spaces.add(answer.space());
            }
        }
    }

    /** Most bytes that one READ may ask for. */
    public int mostRead() {
        return session.mostRead();
    }

    /** Most bytes that one WRITE may have. */
    public int mostWrite() {
        return session.mostWrite();
    }

    /** Most bytes that other answers may have. */
    public int mostTransact() {
        return session.mostTransact();
    }

    /** The dialect, as in {@code 3.1.1}. */
    public String dialect() {
        int dialect = session.dialect();
        return (dialect >> 8) + "." + (dialect >> 4 & 0xF) + "." + (dialect & 0xF);
    }

    public boolean isLost() {
        return lost || seam.isDisconnected();
    }

    /** Whether the connection ends within moments, as it does when an answer is cut off. */
    private boolean endsSoon() {
        long deadline = System.nanoTime() + END.toNanos();
        while (!seam.isDisconnected() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
        return seam.isDisconnected();
    }

    private void end() {
        lost = true;
        try {
            seam.disconnect();
        } catch (IOException e) {
            // It is given up anyway; the request that failed says why.
        }
    }

    @Override
    public void close() {
        end();
        try {
            context.close(); // otherwise the library keeps it, with its buffers, until the program ends
        } catch (CIFSException | IllegalStateException e) {
            // Its connections are closed already, and there is nothing else in it. The library means to remove its
            // shutdown hook, which cannot be done while the program ends.
        }
    }
}
