package io.varve.adapters.smb.link;

import io.varve.engine.port.TransportFailure;
import java.io.IOException;

/** There is no answer: the connection was cut, or the server kept silent. A new connection may help. */
public final class LinkLostException extends IOException implements TransportFailure {
    private static final long serialVersionUID = 1L;

    public LinkLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
