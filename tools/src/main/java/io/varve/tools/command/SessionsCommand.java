package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.session.Sessions;
import io.varve.tools.document.ClaimEntry;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = {
            "List the processes that are at work in the repository, and the rights they have.",
            "",
            "In a folder, a crashed process is noticed at once. In a bucket it is noticed only on its own"
                    + " computer, by the next command there; until then 'varve gc' deletes nothing that it may"
                    + " rely on. If that computer is gone for good, declare its sessions dead."
        },
        footer = {"", "  varve sessions", "  varve sessions --declare-dead 0b0e7a3c-6a3e-4c4b-9f52-1c6a1d3f2e10"})
@Prints(SessionsDocument.class)
public final class SessionsCommand extends RepositoryOptions {
    private static final Map<String, String> RIGHTS = Map.of(
            "life", "register a session",
            "write", "write",
            "alone", "write alone",
            "collect", "collect",
            "keys", "remove keys");

    @Option(
            names = "--declare-dead",
            paramLabel = "ID",
            description = "Declare that the process with this session or right no longer runs anywhere. Its session and"
                    + " all its rights here end. If it is still running after all, it cannot commit any more and has"
                    + " to be run again.")
    private String dead;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        if (dead != null) {
            declareDead(repository, output);
            return;
        }
        List<SessionEntry> entries = entries(repository);
        List<ClaimEntry> claims = claims(repository, entries);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SESSION", "STATE", "PROCESS"});
        for (SessionEntry entry : entries) {
            rows.add(new String[] {entry.id(), entry.alive() ? "at work" : "crashed", entry.description()});
        }
        for (ClaimEntry claim : claims) {
            rows.add(new String[] {claim.id(), "has the right to " + RIGHTS.get(claim.right()), claim.owner()});
        }
        output.line("%s", rows.size() == 1 ? "no sessions" : Table.of(rows));
        output.document(() -> new SessionsDocument(entries, claims, Optional.empty()));
    }

    /** A life is listed by its session; one whose session has no record is listed here. */
    private static List<ClaimEntry> claims(Repository repository, List<SessionEntry> entries) throws IOException {
        Set<String> listed = entries.stream().map(SessionEntry::id).collect(Collectors.toSet());
        return repository.coordination().standing().stream()
                .filter(standing -> !listed.contains(standing.id()))
                .map(standing -> new ClaimEntry(standing.id(), standing.what(), standing.owner()))
                .toList();
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
        List<SessionEntry> before = entries(repository);
        String owner = Stream.concat(
                        before.stream()
                                .filter(session -> session.id().equals(dead))
                                .map(SessionEntry::description),
                        claims(repository, before).stream()
                                .filter(claim -> claim.id().equals(dead))
                                .map(ClaimEntry::owner))
                .findFirst()
                .orElseThrow(() -> new UsageException("no session " + dead + "; 'varve sessions' lists them"));
        if (!repository.coordination().declareDead(dead)) {
            boolean crashed = before.stream().anyMatch(session -> session.id().equals(dead) && !session.alive());
            throw new UsageException(
                    crashed
                            ? dead + " is already known to have crashed; the next command that writes clears it"
                            : dead + " is at work: " + owner + "; stop that process instead");
        }
        List<SessionEntry> left = entries(repository);
        List<ClaimEntry> claims = claims(repository, left);
        output.line("declared dead: %s (%s); the next command that writes clears what it left", dead, owner);
        output.document(() -> new SessionsDocument(left, claims, Optional.of(dead)));
    }
}
