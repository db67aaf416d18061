package io.varve.adapters.smb.link;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Properties;
import jcifs.BufferCache;
import jcifs.CIFSContext;
import jcifs.CIFSException;
import jcifs.Configuration;
import jcifs.Credentials;
import jcifs.config.DelegatingConfiguration;
import jcifs.config.PropertyConfiguration;
import jcifs.context.BaseContext;

/** How jcifs-ng is set up. */
final class LinkContext {
    /** Most bytes that one request reads. */
    static final int MOST_READ = 1 << 20;

    /** Most bytes that one request writes: the library sends no message of 64 KiB or more. */
    static final int MOST_WRITE = 60 << 10;

    /** Room for header and fixed parts. */
    private static final int REST = 64 << 10;

    private static final byte[] CLIENT = new byte[32];

    static {
        new SecureRandom().nextBytes(CLIENT);
    }

    private LinkContext() {}

    /**
     * A context that ends only by its {@code close}.
     *
     * @throws CIFSException when the settings do not fit the library
     * @throws IOException when the program is ending: the library cannot be set up any more
     */
    static CIFSContext of(Credentials credentials, Timings timings) throws IOException {
        Configuration configuration = new DelegatingConfiguration(new PropertyConfiguration(settings(timings))) {
            /** There is no setting for it. */
            @Override
            public int getMaximumBufferSize() {
                return MOST_READ + REST;
            }

            /**
             * Identifies this client to servers. They give a durable handle with a lease back only to the client that
             * opened it, so it is the same for all connections (MS-SMB2 3.3.5.9.12).
             */
            @Override
            public byte[] getMachineId() {
                return CLIENT.clone();
            }
        };
        BufferCache buffers = new Buffers(MOST_READ + REST);
        try {
            BaseContext context = new BaseContext(configuration) {
                @Override
                public BufferCache getBufferCache() {
                    return buffers;
                }
            };
            // The library would cut the connections while the program still cleans up over them.
            Runtime.getRuntime().removeShutdownHook(context);
            return context.withCredentials(credentials);
        } catch (IllegalStateException e) {
            throw new IOException("the program is ending, and makes no new connection", e); // trying again is no use
        }
    }

    private static Properties settings(Timings timings) {
        Properties settings = new Properties();
        settings.setProperty("jcifs.smb.client.minVersion", "SMB302");
        settings.setProperty("jcifs.smb.client.maxVersion", "SMB311");
        settings.setProperty("jcifs.smb.client.useSMB2Negotiation", "true");
        settings.setProperty("jcifs.smb.client.signingEnforced", "true");
        // Its encryption sends in clear text what should be encrypted.
        settings.setProperty("jcifs.smb.client.encryptionEnabled", "false");
        settings.setProperty("jcifs.smb.client.allowGuestFallback", "false");
        settings.setProperty("jcifs.smb.client.dfs.disabled", "true");
        settings.setProperty("jcifs.smb.client.tcpNoDelay", "true");
        settings.setProperty("jcifs.resolveOrder", "DNS");
        settings.setProperty("jcifs.netbios.hostname", "VARVE");
        settings.setProperty("jcifs.smb.client.rcv_buf_size", Integer.toString(MOST_READ));
        settings.setProperty("jcifs.smb.client.snd_buf_size", Integer.toString(MOST_WRITE));
        settings.setProperty("jcifs.smb.client.transaction_buf_size", Integer.toString(MOST_READ + REST));
        settings.setProperty(
                "jcifs.smb.client.connTimeout",
                Long.toString(timings.connecting().toMillis()));
        settings.setProperty(
                "jcifs.smb.client.responseTimeout",
                Long.toString(timings.answering().toMillis()));
        settings.setProperty(
                "jcifs.smb.client.soTimeout", Long.toString(timings.answering().toMillis()));
        return settings;
    }

    /** Buffers of one size; the library's own wipes each of them whole after each message. */
    private static final class Buffers implements BufferCache {
        private static final int KEPT = 16;

        /** Requests are never longer, and the library relies on zeros where it writes them. */
        private static final int WIPED = 1 << 16;

        private final int size;
        private final Deque<byte[]> free = new ArrayDeque<>(); // guarded by this

        Buffers(int size) {
            this.size = size;
        }

        @Override
        public synchronized byte[] getBuffer() {
            byte[] buffer = free.poll();
            return buffer == null ? new byte[size] : buffer;
        }

        @Override
        public void releaseBuffer(byte[] buffer) {
            if (buffer == null) {
                return;
            }
            Arrays.fill(buffer, 0, WIPED, (byte) 0);
            synchronized (this) {
                if (free.size() < KEPT) {
                    free.push(buffer);
                }
            }
        }
    }
}
