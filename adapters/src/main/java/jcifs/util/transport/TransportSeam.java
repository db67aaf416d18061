package jcifs.util.transport;

/** Lets an answer of our own take what a server sends without being asked. */
public final class TransportSeam {
    /** The message id of what answers no request (MS-SMB2 2.2.23). */
    private static final long UNASKED = -1L;

    private TransportSeam() {}

    /** The library's own class for it knows no leases, and ends the connection over them. */
    public static void listen(Transport transport, Response answer) {
        transport.response_map.put(UNASKED, answer);
    }
}
