package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.session.IndexMaintenance;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RebuildIndexDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "rebuild-index",
        mixinStandardHelpOptions = true,
        description = {
            "Discard the index and rebuild it from the packs.",
            "",
            "Never needed for safety: the index is a cache, and a missing or damaged one is" + " rebuilt automatically."
        })
@Prints(RebuildIndexDocument.class)
public final class RebuildIndexCommand extends RepositoryOptions {
    @Mixin
    private WaitOption wait;

    private volatile int entered;
    private volatile int packs;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return entered + " of " + Count.of(packs, "pack is", "packs are")
                + " in the index; the next backup enters the others";
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        long started = System.nanoTime();
        IndexMaintenance.Rebuilt rebuilt = IndexMaintenance.rebuild(
                repository,
                wait.patience(),
                (done, total) -> {
                    entered = done;
                    packs = total;
                    cancellation.check();
                },
                message -> {
                    if (message.startsWith("unreadable")) {
                        output.warning(WarningCode.PACK_UNREADABLE, message);
                    } else {
                        output.notice(message);
                    }
                });
        output.line(
                "rebuilt the index from %s in %.1f s: about %s",
                Count.of(rebuilt.packs(), "pack"),
                (System.nanoTime() - started) / 1e9,
                Count.of(rebuilt.chunks(), "chunk"));
        output.document(() -> new RebuildIndexDocument(rebuilt.packs(), rebuilt.chunks()));
    }
}
