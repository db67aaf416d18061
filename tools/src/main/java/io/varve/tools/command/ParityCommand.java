package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.parity.Parity;
import io.varve.store.repair.MissingParity;
import io.varve.store.session.WriteSession;
import io.varve.tools.option.Closing;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.PackProgress;
import io.varve.tools.output.UsageException;
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
            "With it, 'varve repair' makes a pack with a few damaged sectors anew, without another copy. Where it was",
            "asked for with 'init --parity', backups write it themselves; this is for packs that a crash left without,",
            "or, with --percent, for all packs of any repository, once. Packs are read and checked first."
        })
public final class ParityCommand extends RepositoryOptions {
    @Option(
            names = "--percent",
            paramLabel = "PERCENT",
            description = "Its size, of that of the packs: 2 to 50. Needed where 'init --parity' did not set it.")
    private Integer percent;

    @Option(names = "--check", description = "Read the parity that is there, too, and write anew what is damaged.")
    private boolean check;

    @Option(names = "--remove", description = "Remove all parity instead.")
    private boolean remove;

    @Mixin
    private WaitOption wait;

    @Option(names = "--no-progress", description = "Do not show how far it is.")
    private boolean noProgress;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        int wanted = percent == null ? repository.config().parityPercent() : percent;
        if (!remove && (wanted < Parity.MIN_PERCENT || wanted > Parity.MAX_PERCENT)) {
            throw new UsageException(
                    percent == null
                            ? "the repository was made without parity: say how much, as in --percent 10"
                            : "--percent goes from " + Parity.MIN_PERCENT + " to " + Parity.MAX_PERCENT);
        }
        WriteSession open = WriteSession.open(repository, "parity", wait.patience(), output::notice);
        Closing.after(open, output, session -> {
            if (remove) {
                int removed = MissingParity.remove(session);
                output.line("removed the parity of %d packs", removed);
                if (output.isJson()) {
                    output.document().put("removed", removed);
                }
                return;
            }
            try (PackProgress listener = new PackProgress(
                    output,
                    cancellation,
                    !noProgress,
                    "what parity was written so far counts, and the same command goes on from there")) {
                report(MissingParity.write(session, wanted, check, listener), output);
            }
        });
    }

    private static void report(MissingParity.Result result, Output output) {
        output.line(
                "wrote parity for %d packs, %s%s%s",
                result.written(),
                ByteSize.text(result.bytes()),
                result.renewed() == 0 ? "" : "; that of " + result.renewed() + " was damaged",
                result.removed() == 0 ? "" : "; removed that of " + result.removed() + " packs that are gone");
        if (output.isJson()) {
            var list = output.document()
                    .put("written", result.written())
                    .put("bytes", result.bytes())
                    .put("renewed", result.renewed())
                    .put("removed", result.removed())
                    .putArray("damagedPacks");
            result.damaged().forEach(pack -> list.add(pack.hex()));
        }
        if (!result.damaged().isEmpty()) {
            output.warning(result.damaged().size() + " packs are damaged and got none: run 'varve repair' first");
        }
    }
}
