package io.varve.adapters.smb.link;

import io.varve.adapters.smb.wire.Request;
import java.nio.ByteBuffer;
import jcifs.CIFSContext;
import jcifs.Configuration;
import jcifs.internal.smb2.ServerMessageBlock2Request;
import jcifs.internal.util.SMBUtil;

/** A request in the form that jcifs-ng sends. Used once. */
final class SignedRequest extends ServerMessageBlock2Request<SignedAnswer> {
    private static final int CHARGE_AT = 6;

    private final Request request;
    private final SignedAnswer answer;

    SignedRequest(Configuration configuration, Request request, SignedAnswer answer) {
        super(configuration, request.command().code());
        this.request = request;
        this.answer = answer;
    }

    @Override
    protected SignedAnswer createResponse(CIFSContext context, ServerMessageBlock2Request<SignedAnswer> asked) {
        return answer;
    }

    @Override
    public int getCreditCost() {
        return request.charge();
    }

    @Override
    public int size() {
        return size8(Request.HEADER + request.body().limit());
    }

    /** The library itself knows only a charge of none. */
    @Override
    protected int writeHeaderWireFormat(byte[] target, int offset) {
        int length = super.writeHeaderWireFormat(target, offset);
        SMBUtil.writeInt2(request.charge(), target, offset + CHARGE_AT);
        return length;
    }

    @Override
    protected int writeBytesWireFormat(byte[] target, int offset) {
        ByteBuffer body = request.body();
        body.get(0, target, offset, body.limit());
        return body.limit();
    }

    @Override
    protected int readBytesWireFormat(byte[] buffer, int offset) {
        throw new UnsupportedOperationException("a client reads no requests");
    }
}
