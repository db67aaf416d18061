package io.varve.adapters.smb.link;

/**
 * A server.
 *
 * @param host its name, as tickets and share names have it, or its address
 */
public record ServerAddress(String host, int port) {
    /** Where SMB listens unless something else is said. */
    public static final int PORT = 445;

    @Override
    public String toString() {
        return port == PORT ? host : host + ":" + port;
    }
}
