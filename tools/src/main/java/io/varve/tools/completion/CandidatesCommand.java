package io.varve.tools.completion;

import io.varve.store.Repository;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.configuration.Configuration;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.option.RepositoryChoice;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Printable;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** For completion scripts. Needs no key, writes nothing, and says nothing about what it cannot find. */
@Command(
        name = "candidates",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Print what completion scripts offer: snapshots, machines or repositories, one per line.")
public final class CandidatesCommand implements Callable<Integer> {
    private static final int MOST = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "KIND", description = "snapshots, machines or repositories.")
    private String kind;

    @Option(
            names = {"-r", "--repo"},
            paramLabel = "REPO",
            description = "The repository. Default: VARVE_REPO.")
    private String repository;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            lines().map(Printable::name).forEach(out::println);
        } catch (IOException e) {
            return ExitCode.of(e).code(); // nothing can be offered; nobody asked for a message
        } finally {
            out.flush();
        }
        return ExitCode.DONE.code();
    }

    private Stream<String> lines() throws IOException {
        return switch (kind) {
            case "repositories" -> Configuration.read().names().stream().map(name -> "@" + name);
            case "machines" -> machines(snapshots());
            case "snapshots" -> {
                List<Snapshot> newestFirst = snapshots();
                yield Stream.of(
                                newestFirst.isEmpty() ? Stream.<String>empty() : Stream.of("latest"),
                                machines(newestFirst).map(machine -> "latest:" + machine),
                                newestFirst.stream()
                                        .limit(MOST)
                                        .map(snapshot -> snapshot.id().text()))
                        .flatMap(words -> words);
            }
            default -> throw new UsageException("expected snapshots, machines or repositories, found '" + kind + "'");
        };
    }

    private static Stream<String> machines(List<Snapshot> snapshots) {
        return snapshots.stream()
                .map(snapshot -> snapshot.manifest().machine())
                .distinct()
                .sorted()
                .limit(MOST);
    }

    private List<Snapshot> snapshots() throws IOException {
        RepositoryPlace place = RepositoryChoice.require(repository, spec).place();
        if (place.folder().isEmpty()) {
            return List.of(); // nobody waits for a service while typing
        }
        try (Repository open = Repository.open(place.location())) {
            List<Snapshot> snapshots = new ArrayList<>(open.snapshots().list().snapshots());
            Collections.reverse(snapshots);
            return snapshots;
        }
    }
}
