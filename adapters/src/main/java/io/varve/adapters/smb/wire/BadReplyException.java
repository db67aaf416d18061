package io.varve.adapters.smb.wire;

import java.io.IOException;

/**
 * A server answered with something that the protocol does not allow. It says nothing about the bytes of any file, so it
 * is never damage.
 */
public final class BadReplyException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what the answer to which request
     * @param expected what the protocol has there
     * @param found what came
     */
    public BadReplyException(String what, String expected, String found) {
        super("the server's answer to " + what + " is malformed: expected " + expected + ", found " + found);
    }
}
