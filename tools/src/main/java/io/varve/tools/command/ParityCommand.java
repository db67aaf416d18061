package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.Count;
import io.varve.store.parity.Parity;
import io.varve.store.repair.MissingParity;
import io.varve.store.session.WriteSession;
import io.varve.tools.document.ParityDocument;
import io.varve.tools.document.ParityRemovedDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.Closing;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.PackProgress;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "parity",
        mixinStandardHelpOptions = true,
        description = {
            "Write parity for packs that have none.",
            "",
            "With parity, 'varve repair' can rebuild a pack with a few damaged sectors without a"
                    + " second copy. In a repository made with 'init --parity', backups write it"
                    + " themselves. This command adds it to packs that a crash left without or, with"
                    + " --percent, once to all packs of any repository. Packs are read and checked first."
        })
@Prints({ParityDocument.class, ParityRemovedDocument.class})
public final class ParityCommand extends RepositoryOptions {
    @Option(
            names = "--percent",
            paramLabel = "PERCENT",
            description =
                    "Size of the parity in percent of the packs, 2 to 50. Required unless 'init" + " --parity' set it.")
    private Integer percent;

    @Option(names = "--check", description = "Also check existing parity, and rewrite what is damaged.")
    private boolean check;

    @Option(names = "--remove", description = "Remove all parity instead.")
    private boolean remove;

    @Mixin
    private WaitOption wait;

    @Mixin
    private ProgressOption progress;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return remove
                ? "nothing was removed"
                : "the parity written so far is kept; run the same command again to continue";
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        int wanted = percent == null ? repository.config().parityPercent() : percent;
        if (!remove && (wanted < Parity.MIN_PERCENT || wanted > Parity.MAX_PERCENT)) {
            throw new UsageException(
                    percent == null
                            ? "the repository was made without parity: give --percent, such as --percent 10"
                            : "--percent is a number from " + Parity.MIN_PERCENT + " to " + Parity.MAX_PERCENT);
        }
        WriteSession open = WriteSession.open(repository, "parity", wait.patience(), output::notice);
        Closing.after(open, output, session -> {
            if (remove) {
                int removed = MissingParity.remove(session);
                output.line("removed the parity of %s", Count.of(removed, "pack"));
                output.document(() -> new ParityRemovedDocument(removed));
                return;
            }
            try (PackProgress listener = new PackProgress(output, "writing parity", cancellation)) {
                report(MissingParity.write(session, wanted, check, listener), output);
            }
        });
    }

    private static void report(MissingParity.Result result, Output output) {
        output.line(
                "wrote parity for %s, %s%s%s",
                Count.of(result.written(), "pack"),
                ByteSize.text(result.bytes()),
                result.renewed() == 0 ? "" : "; that of " + result.renewed() + " was damaged",
                result.removed() == 0 ? "" : "; removed that of " + Count.of(result.removed(), "deleted pack"));
        output.document(() -> new ParityDocument(
                result.written(),
                result.bytes(),
                result.renewed(),
                result.removed(),
                result.damaged().stream().map(ChunkId::hex).toList()));
        if (!result.damaged().isEmpty()) {
            output.warning(
                    WarningCode.UNPROTECTED, Count.of(result.damaged().size(), "damaged pack") + " without parity");
        }
    }
}
