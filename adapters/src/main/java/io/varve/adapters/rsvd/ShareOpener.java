package io.varve.adapters.rsvd;

import io.varve.adapters.rsvd.wire.OpenContext;
import io.varve.adapters.smb.RemoteFile;
import io.varve.adapters.smb.SmbPath;
import io.varve.adapters.smb.SmbServer;
import io.varve.adapters.smb.link.StatusException;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.CreateContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Opens a shared disk on a share. */
final class ShareOpener implements DiskOpen.Opener {
    /** As Windows' own client asks; servers were not seen to accept less. */
    private static final int ACCESS =
            Create.READ_DATA | Create.WRITE_DATA | Create.READ_ATTRIBUTES | Create.READ_CONTROL;

    private static final int SHARE = Create.SHARE_READ | Create.SHARE_WRITE | Create.SHARE_DELETE;

    private final SmbServer server;
    private final SmbPath path;

    /** @param server stays the caller's */
    ShareOpener(SmbServer server, SmbPath path) {
        this.server = server;
        this.path = path;
    }

    @Override
    public DiskOpen open(CreateContext context) throws IOException {
        Create create = new Create(
                path.onShare() + OpenContext.SUFFIX,
                ACCESS,
                SHARE,
                Create.OPEN,
                Create.UNBUFFERED,
                0,
                List.of(context));
        try {
            // By its name again: a snapshot never changes, and the live disk is only asked and read.
            return new Opened(RemoteFile.open(server, path, create, RemoteFile.Return.BY_NAME));
        } catch (StatusException e) {
            if (RsvdStatus.of(e.status()).isPresent()) {
                throw new RsvdException(path.toString(), e.status());
            }
            throw e;
        }
    }

    private record Opened(RemoteFile file) implements DiskOpen {
        @Override
        public List<CreateContext> contexts() {
            return file.first().contexts();
        }

        @Override
        public Answer control(int code, byte[] input, int mostOutput) throws IOException {
            RemoteFile.Output output = file.control(code, input, mostOutput);
            return new Answer(
                    output.status(),
                    ByteBuffer.wrap(output.bytes().orElse(new byte[0])).order(ByteOrder.LITTLE_ENDIAN));
        }

        @Override
        public int read(long offset, ByteBuffer target) throws IOException {
            int[] status = {0};
            file.read(offset, target, reply -> {
                status[0] = reply.status();
                return null;
            });
            return status[0];
        }

        @Override
        public int mostRead() {
            return file.mostRead();
        }

        @Override
        public int mostOutput() {
            return file.mostOutput();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
