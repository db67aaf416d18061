package io.varve.adapters.smb;

import io.varve.adapters.smb.link.NtStatus;
import io.varve.adapters.smb.link.StatusException;
import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Create;
import io.varve.adapters.smb.wire.CreateContext;
import io.varve.adapters.smb.wire.Created;
import io.varve.adapters.smb.wire.FolderEntry;
import io.varve.adapters.smb.wire.OpenFile;
import io.varve.adapters.smb.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Questions about files and folders on shares of one server that keep nothing open. */
final class SmbShare {
    private static final int MOST_NAMES = 64 << 10;
    private static final int SHARE_ALL = Create.SHARE_READ | Create.SHARE_WRITE | Create.SHARE_DELETE;

    private SmbShare() {}

    /** Names in a folder that match a pattern; none if the folder is not there. */
    static List<FolderEntry> list(SmbServer server, SmbPath folder, String pattern) throws IOException {
        int access = Create.READ_DATA | Create.READ_ATTRIBUTES | Create.SYNCHRONIZE;
        Create create = new Create(folder.onShare(), access, SHARE_ALL, Create.OPEN, Create.FOLDER, 0, List.of());
        return Recovery.run(server, folder.share(), folder.toString(), link -> {
            int tree = link.tree(folder.share()).tree();
            Created opened = link.send(tree, create.request(), reply -> {
                if (reply.status() != 0) {
                    throw new StatusException(folder + ": listing", reply.status());
                }
                return Created.decode(reply);
            });
            List<FolderEntry> all = new ArrayList<>();
            try {
                while (link.send(
                        tree,
                        FolderEntry.request(opened.file(), pattern, MOST_NAMES),
                        reply -> addTo(all, folder, reply))) {
                    // The server goes on where it stopped.
                }
            } finally {
                link.send(tree, OpenFile.close(opened.file()), Reply::status);
            }
            return all;
        });
    }

    /** @return whether there may be more */
    private static boolean addTo(List<FolderEntry> all, SmbPath folder, Reply reply) throws IOException {
        if (reply.status() == NtStatus.NO_MORE_FILES.code() || reply.status() == NtStatus.NO_SUCH_FILE.code()) {
            return false;
        }
        if (reply.status() != 0) {
            throw new StatusException(folder + ": listing", reply.status());
        }
        List<FolderEntry> found = FolderEntry.decode(reply, MOST_NAMES);
        if (found.isEmpty()) {
            throw new BadReplyException("listing " + folder, "an entry, or the end", "neither");
        }
        all.addAll(found);
        return true;
    }

    /** What a path leads to now, whoever has it open. */
    static Created look(SmbServer server, SmbPath path) throws IOException {
        Create create = new Create(
                path.onShare(),
                Create.READ_ATTRIBUTES,
                SHARE_ALL,
                Create.OPEN,
                0,
                0,
                List.of(CreateContext.of(CreateContext.QUERY_ON_DISK_ID, new byte[0])));
        return Recovery.run(server, path.share(), path.toString(), link -> {
            int tree = link.tree(path.share()).tree();
            Created found = link.send(tree, create.request(), reply -> {
                if (reply.status() != 0) {
                    throw new StatusException(path.toString(), reply.status());
                }
                return Created.decode(reply);
            });
            link.send(tree, OpenFile.close(found.file()), Reply::status);
            return found;
        });
    }
}
