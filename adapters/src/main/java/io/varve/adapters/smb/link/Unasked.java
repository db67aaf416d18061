package io.varve.adapters.smb.link;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.LeaseBreak;
import io.varve.adapters.smb.wire.Reply;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import jcifs.Configuration;
import jcifs.internal.smb2.ServerMessageBlock2Response;

/**
 * Takes what a server sends without being asked. Such messages are not signed (MS-SMB2 3.3.4.1.1), and the worst that a
 * forged one does is to give up a lease. Used by the library's thread again and again.
 */
final class Unasked extends ServerMessageBlock2Response {
    private final Consumer<LeaseBreak> breaks;
    private int readSize;

    /** @param breaks must not wait: the library's thread calls it */
    Unasked(Configuration configuration, Consumer<LeaseBreak> breaks) {
        super(configuration);
        this.breaks = breaks;
    }

    @Override
    public void setReadSize(int size) {
        super.setReadSize(size);
        this.readSize = size;
    }

    @Override
    protected boolean isErrorResponseStatus() {
        return false;
    }

    @Override
    protected int writeBytesWireFormat(byte[] target, int offset) {
        throw new UnsupportedOperationException("a client writes no answers");
    }

    @Override
    protected int readBytesWireFormat(byte[] buffer, int offset) {
        return readSize - Reply.HEADER;
    }

    @Override
    public boolean verifySignature(byte[] buffer, int offset, int size) {
        byte[] message = Arrays.copyOfRange(buffer, offset, offset + size);
        try {
            Optional<LeaseBreak> lease = LeaseBreak.decode(new Reply("nothing", ByteBuffer.wrap(message)));
            lease.ifPresent(breaks);
        } catch (BadReplyException e) {
            return false; // ends the connection
        }
        return true;
    }
}
