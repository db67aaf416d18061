package io.varve.adapters.smb;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between client and server, message by message, and does harm to answers when it is told to. */
final class FaultyProxy implements Closeable {
    private static final int READ = 8;
    private static final int WRITE = 9;
    private static final int RENAME = 10;
    private static final int SET_INFO = 17;
    private static final int CREATE = 5;
    private static final int LONG = 300;

    /** What happens to long READ answers. */
    enum Harm {
        NONE,
        /** A bit of the last byte is another. */
        FLIP,
        /** The connection ends in the middle of the answer; once. */
        CUT,
        /** Half of the answer, in a message of that length. */
        HALF,
        /** The connection ends in the middle of a WRITE request; once. */
        CUT_WRITE,
        /** The connection ends after a WRITE request was passed on, before its answer is; once. */
        CUT_WRITTEN,
        /** The connection ends after a rename was passed on, before its answer is; once. */
        CUT_RENAMED,
        /** As {@link #CUT_RENAMED}, and nobody is let through any more until something else is to happen. */
        AWAY_AFTER_RENAME,
        /** A bit of an answer to a WRITE is another. */
        FLIP_WRITTEN,
        /** Nothing more is passed on. */
        SILENCE,
        /** The answer, and then another one to the same request, in which a bit is another. */
        TWICE
    }

    private static final Set<Harm> OF_READS = EnumSet.of(Harm.FLIP, Harm.CUT, Harm.HALF, Harm.TWICE);

    private final ServerSocket listener;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger takenUp = new AtomicInteger();
    private volatile Harm harm = Harm.NONE;
    private volatile boolean away;
    private boolean renaming; // guarded by this

    FaultyProxy(int port) throws IOException {
        this.port = port;
        this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void next(Harm what) {
        harm = what;
        away = false;
    }

    /** How often harm was done. */
    int done() {
        return done.get();
    }

    /** How often a file was opened by its name. */
    int opened() {
        return opened.get();
    }

    /** How often a client asked for an open that the server had kept. */
    int takenUp() {
        return takenUp.get();
    }

    /** Ends all connections. */
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "faulty-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                if (away) {
                    client.close();
                    continue;
                }
                open.add(client);
                Socket server;
                try {
                    server = new Socket(InetAddress.getLoopbackAddress(), port);
                } catch (IOException e) {
                    client.close(); // nobody is there at the moment
                    continue;
                }
                open.add(server);
                start(() -> pass(client, server, false));
                start(() -> pass(server, client, true));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, boolean isAnswer) {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            OutputStream out = to.getOutputStream();
            while (true) {
                int length = in.readInt();
                byte[] message = new byte[4 + length];
                in.readFully(message, 4, length);
                header(message, length);
                int sent = isAnswer ? harmed(message) : harmedRequest(message);
                if (!isAnswer && message[4 + 12] == CREATE) {
                    boolean takesUp = new String(message, StandardCharsets.ISO_8859_1).contains("DH2C");
                    (takesUp ? takenUp : opened).incrementAndGet();
                }
                if (sent < 0) {
                    continue;
                }
                out.write(message, 0, sent);
                if (isAnswer && harm == Harm.TWICE && isLongRead(message)) {
                    message[message.length - 1] ^= 1;
                    out.write(message);
                }
                out.flush();
                if (sent < message.length && harm == Harm.NONE) {
                    return; // cut
                }
            }
        } catch (EOFException e) {
            // an end
        } catch (IOException e) {
            // the other side's end, or ours
        }
    }

    private static void header(byte[] message, int length) {
        message[0] = (byte) (length >>> 24);
        message[1] = (byte) (length >>> 16);
        message[2] = (byte) (length >>> 8);
        message[3] = (byte) length;
    }

    private static boolean isLongRead(byte[] message) {
        return message.length > LONG && message[4 + 12] == READ;
    }

    private synchronized int harmedRequest(byte[] message) {
        renaming |= message[4 + 12] == SET_INFO && message[4 + 64 + 3] == RENAME;
        if (harm != Harm.CUT_WRITE || message[4 + 12] != WRITE || message.length < LONG) {
            return message.length;
        }
        harm = Harm.NONE;
        done.incrementAndGet();
        return message.length / 2;
    }

    /** Returns how many bytes to pass on; negative for none. */
    private synchronized int harmed(byte[] message) {
        if (harm == Harm.SILENCE) {
            done.incrementAndGet();
            return -1;
        }
        Harm written = switch (message[4 + 12]) {
            case WRITE -> harm == Harm.CUT_WRITTEN || harm == Harm.FLIP_WRITTEN ? harm : Harm.NONE;
            case SET_INFO -> {
                boolean isCut = harm == Harm.CUT_RENAMED || harm == Harm.AWAY_AFTER_RENAME;
                yield isCut && renaming ? harm : Harm.NONE;
            }
            default -> Harm.NONE;
        };
        if (written != Harm.NONE) {
            done.incrementAndGet();
            if (written == Harm.FLIP_WRITTEN) {
                message[message.length - 1] ^= 1;
                return message.length;
            }
            away = written == Harm.AWAY_AFTER_RENAME;
            harm = Harm.NONE;
            return 0;
        }
        if (!isLongRead(message) || !OF_READS.contains(harm)) {
            return message.length;
        }
        done.incrementAndGet();
        switch (harm) {
            case FLIP -> message[message.length - 1] ^= 1;
            case CUT -> {
                harm = Harm.NONE;
                return message.length / 2;
            }
            case HALF -> {
                header(message, message.length / 2 - 4);
                return message.length / 2;
            }
            case TWICE -> {
                // What follows the answer is added where it is sent.
            }
            default -> throw new IllegalStateException(harm.toString());
        }
        return message.length;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
