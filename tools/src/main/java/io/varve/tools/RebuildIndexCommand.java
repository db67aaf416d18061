package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.index.ChunkIndex;
import io.varve.store.session.IndexMaintenance;
import io.varve.store.session.WriterLock;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rebuild-index",
        mixinStandardHelpOptions = true,
        description = {
            "Throw the index away and make it again from the packs.",
            "",
            "Never needed for safety: the index is a cache, and a missing or damaged one is made again by itself."
        })
final class RebuildIndexCommand extends RepositoryOptions {
    @Mixin
    private WaitOption wait;

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        long started = System.nanoTime();
        WriterLock lock = WriterLock.acquire(repository, "rebuild-index", wait.patience(), output::notice);
        try (lock;
                ChunkIndex index = IndexMaintenance.rebuild(repository, message -> {
                    if (message.startsWith("unreadable")) {
                        output.warning(message);
                    }
                })) {
            output.line(
                    "index made from %d packs in %.1f s: about %d chunks",
                    index.packs().size(), (System.nanoTime() - started) / 1e9, index.estimatedChunks());
            if (output.isJson()) {
                output.document().put("packs", index.packs().size()).put("chunks", index.estimatedChunks());
            }
        }
    }
}
