package io.varve.adapters.smb.link;

import io.varve.engine.port.TransportFailure;
import java.io.IOException;

/**
 * An answer does not carry the server's signature: it was changed on the way, or is not the server's. Says nothing
 * about the bytes of any file. The connection has been ended, and nobody tries again: an attack must be seen.
 */
public final class SignatureException extends IOException implements TransportFailure {
    private static final long serialVersionUID = 1L;

    SignatureException(String what, String why) {
        super("the signature of the server's answer to " + what + " is " + why
                + ": it was changed on its way, or another computer answered. Nothing of it was used");
    }
}
