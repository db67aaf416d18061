package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.session.Sessions;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SessionEntry;
import io.varve.tools.document.SessionsDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = {
            "List the processes that are at work in the repository.",
            "",
            "In a folder, a crashed process is noticed at once. In a bucket it is noticed only on its own"
                    + " computer, by the next command there; until then 'varve gc' deletes nothing that it may"
                    + " rely on. If that computer is gone for good, declare its sessions dead."
        },
        footer = {"", "  varve sessions", "  varve sessions --declare-dead 0b0e7a3c-6a3e-4c4b-9f52-1c6a1d3f2e10"})
@Prints(SessionsDocument.class)
public final class SessionsCommand extends RepositoryOptions {
    @Option(
            names = "--declare-dead",
            paramLabel = "ID",
            description = "Say that this session's process no longer runs anywhere. If it does, the snapshot that it"
                    + " is making can lose data.")
    private String dead;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        if (dead != null) {
            declareDead(repository, output);
            return;
        }
        List<SessionEntry> entries = entries(repository);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SESSION", "STATE", "PROCESS"});
        for (SessionEntry entry : entries) {
            rows.add(new String[] {entry.id(), entry.alive() ? "at work" : "crashed", entry.description()});
        }
        output.line("%s", entries.isEmpty() ? "no sessions" : Table.of(rows));
        output.document(() -> new SessionsDocument(entries, Optional.empty()));
    }

    private static List<SessionEntry> entries(Repository repository) throws IOException {
        List<SessionEntry> entries = new ArrayList<>();
        for (Sessions.Entry entry : Sessions.all(repository)) {
            entries.add(new SessionEntry(
                    entry.id(), entry.description(), repository.coordination().isAlive(entry.id())));
        }
        return entries;
    }

    private void declareDead(Repository repository, Output output) throws IOException {
        SessionEntry entry = entries(repository).stream()
                .filter(session -> session.id().equals(dead))
                .findFirst()
                .orElseThrow(() -> new UsageException("no session " + dead + "; 'varve sessions' lists them"));
        if (!repository.coordination().declareDead(dead)) {
            throw new UsageException(
                    entry.alive()
                            ? dead + " is at work: " + entry.description() + "; stop that process instead"
                            : dead + " crashed, which is known already: the next command that writes clears it");
        }
        List<SessionEntry> left = entries(repository);
        output.line(
                "declared dead: %s (%s); the next command that writes clears its record", dead, entry.description());
        output.document(() -> new SessionsDocument(left, Optional.of(dead)));
    }
}
