package io.varve.adapters.smb.link;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Reply;
import io.varve.adapters.smb.wire.Request;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import jcifs.Configuration;
import jcifs.internal.smb2.ServerMessageBlock2Response;
import jcifs.internal.smb2.Smb2SigningDigest;
import jcifs.smb.SessionSeam;

/**
 * An answer as jcifs-ng receives it: its thread only keeps the bytes, and the thread that asked verifies them. The
 * library would not: it forgets the digest of every answer before it arrives.
 *
 * <p>It also reserves the message ids of a request that costs several credits: the library takes one id between
 * {@link #reset} and {@link #setExpiration}, and the others must follow it.
 */
final class SignedAnswer extends ServerMessageBlock2Response {
    private static final int PENDING = 0x103;

    /** How many times as long as for an answer it is waited for a server that says that it is still at work. */
    private static final int MOST_PATIENCE = 10;

    private final Request request;
    private final SessionSeam seam;
    private final ReentrantLock ids;
    private byte[] bytes; // written by the library's thread before it says that the answer has come
    private volatile int length; // of a whole answer, written after the bytes; 0 before it came
    private int readSize;
    private final long born = System.nanoTime();
    private final long longest;

    /**
     * @param ids held while ids are taken; one for the connection
     * @param space for the whole message if it fits
     */
    SignedAnswer(Configuration configuration, Request request, SessionSeam seam, ReentrantLock ids, byte[] space) {
        super(configuration, request.command().code());
        this.request = request;
        this.seam = seam;
        this.ids = ids;
        this.bytes = space;
        this.longest = MOST_PATIENCE * TimeUnit.MILLISECONDS.toNanos(configuration.getResponseTimeout());
    }

    /** Called by the library just before it takes an id, and would lose the digest. */
    @Override
    public void reset() {
        Smb2SigningDigest digest = getDigest();
        super.reset();
        setDigest(digest);
        if (!ids.isHeldByCurrentThread()) {
            ids.lock();
        }
    }

    /** Called by the library just after it took an id, and later when the server says that it is still at work. */
    @Override
    public void setExpiration(Long moment) {
        super.setExpiration(moment);
        if (ids.isHeldByCurrentThread()) {
            seam.skipIds(request.charge() - 1);
            ids.unlock();
        }
    }

    @Override
    public void setReadSize(int size) {
        super.setReadSize(size);
        this.readSize = size;
    }

    /** Errors have a body too, which the signature covers. */
    @Override
    protected boolean isErrorResponseStatus() {
        return false;
    }

    @Override
    protected int writeBytesWireFormat(byte[] target, int offset) {
        throw new UnsupportedOperationException("a client writes no answers");
    }

    /** Takes all that came, because the signature covers it. */
    @Override
    protected int readBytesWireFormat(byte[] buffer, int offset) {
        return readSize - Reply.HEADER;
    }

    /** Called by the library's thread with the whole message; see {@link #verified}. */
    @Override
    public boolean verifySignature(byte[] buffer, int offset, int size) {
        if (length > 0) {
            // There is one answer to a request. Another one would replace bytes while, or after, they are verified.
            return false;
        }
        if (getStatus() == PENDING) {
            // Says only that the answer is still to come; nothing of it is used. Anybody can say so, but not for ever.
            return System.nanoTime() - born < longest;
        }
        if (bytes.length < size) {
            bytes = new byte[size];
        }
        System.arraycopy(buffer, offset, bytes, 0, size);
        length = size;
        return true;
    }

    /** Whether there is a whole answer. */
    boolean isComplete() {
        return isReceived() && !isError() && length > 0;
    }

    /**
     * The answer, verified; of use until {@link #space} is used again.
     *
     * @throws SignatureException when it is not signed, or not by the server
     */
    Reply verified(String what, Optional<Smb2SigningDigest> digest) throws SignatureException, BadReplyException {
        if (digest.isEmpty()) {
            throw new SignatureException(what, "not asked for, because the session has no key");
        }
        boolean isSigned = (bytes[16] & SMB2_FLAGS_SIGNED) != 0;
        if ((bytes[16] & SMB2_FLAGS_SERVER_TO_REDIR) == 0) {
            // Both directions have one key: our own request, sent back, would have a good signature.
            throw new SignatureException(what, "that of a request");
        }
        if (!isSigned || digest.get().verify(bytes, 0, length, 0, this)) {
            throw new SignatureException(what, isSigned ? "wrong" : "missing");
        }
        boolean isAnswer = (bytes[12] & 0xFF | (bytes[13] & 0xFF) << 8)
                == request.command().code();
        if (!isAnswer) {
            throw new BadReplyException(what, "an answer to " + request.command(), "one to another command");
        }
        return new Reply(what, ByteBuffer.wrap(bytes, 0, length));
    }

    /** The bytes that can be used again. */
    byte[] space() {
        return bytes;
    }
}
