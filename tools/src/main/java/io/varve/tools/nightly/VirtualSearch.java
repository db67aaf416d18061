package io.varve.tools.nightly;

import io.varve.adapters.hyperv.HyperVSource;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.nightly.HostListing.Remembered;
import io.varve.tools.nightly.JobFile.MachineEntry;
import io.varve.tools.nightly.JobFile.Policy;
import io.varve.tools.nightly.Selection.Virtual;
import io.varve.tools.output.Printable;
import io.varve.tools.source.HyperVHosts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Finds the virtual machines that the entries of a job file stand for. Each host is asked once. A host that does not
 * answer fails the machines that it is known to have, and no others.
 */
final class VirtualSearch {
    private final HostListing hosts;
    private final Map<String, Answer> answers = new HashMap<>(); // by place
    private final Set<String> taken = new HashSet<>(); // by entries of single machines: place and GUID or name
    private final List<String> warnings = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    VirtualSearch(HostListing hosts) {
        this.hosts = hosts;
    }

    /**
     * A planned machine.
     *
     * @param identity what tells it from another one of the same name
     */
    record Match(PlannedMachine machine, String identity) {}

    /** @param machine empty for shadow copies */
    private record Candidate(UUID id, String name, Optional<VirtualMachine> machine) {}

    /** @param failure why there is no answer; empty if there is one */
    private record Answer(List<Candidate> machines, Optional<String> failure) {}

    /** Patterns that match nothing, and unusable names. */
    List<String> warnings() {
        return warnings;
    }

    /** Entries of which not even the machines' names are known: failures of the night. */
    List<String> failures() {
        return failures;
    }

    private Answer ask(Virtual wanted) throws InterruptedIOException {
        Answer answer = answers.get(wanted.place());
        if (answer == null) {
            try {
                answer = new Answer(candidates(wanted), Optional.empty());
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                answer = new Answer(List.of(), Optional.of(Reason.of(e)));
            }
            answers.put(wanted.place(), answer);
        }
        return answer;
    }

    private List<Candidate> candidates(Virtual wanted) throws IOException {
        if (wanted.host().isPresent()) {
            return hosts.machines(wanted.host().get()).stream()
                    .map(machine -> new Candidate(machine.id(), machine.name(), Optional.of(machine)))
                    .toList();
        }
        return hosts.shadowed().stream()
                .map(machine -> new Candidate(machine.id(), machine.displayName(), Optional.empty()))
                .toList();
    }

    /** The single machine of an entry with {@code vm}; empty if it has no name to fail under. */
    Optional<Match> single(MachineEntry entry, Virtual wanted) throws InterruptedIOException {
        String vm = wanted.vm().orElseThrow();
        Optional<UUID> id = HyperVHosts.guid(vm);
        if (wanted.host().isEmpty() && wanted.name().isPresent()) { // nothing to ask
            return Optional.of(match(entry, wanted, new Candidate(id.orElseThrow(), "", Optional.empty())));
        }
        Answer answer = ask(wanted);
        List<Candidate> found = answer.machines().stream()
                .filter(one ->
                        id.isPresent() ? one.id().equals(id.get()) : one.name().equalsIgnoreCase(vm))
                .toList();
        if (found.size() == 1) {
            return named(entry, wanted, found.get(0));
        }
        String reason = answer.failure().orElseGet(() -> found.isEmpty() ? none(wanted, vm) : several(wanted, found));
        Optional<String> name = wanted.name().or(() -> knownName(wanted, vm, id));
        if (name.isEmpty() || NameRule.fault(name.get()).isPresent()) {
            failures.add("machine " + Printable.name(vm) + " (line " + entry.line() + "): " + reason);
            return Optional.empty();
        }
        taken.add(wanted.place() + " " + name.get().toLowerCase(Locale.ROOT));
        return Optional.of(failed(entry, wanted, name.get(), reason));
    }

    private static String none(Virtual wanted, String vm) {
        return wanted.place() + " has no machine " + Printable.name(vm) + "; "
                + (wanted.host().isPresent() ? "'varve hyperv list'" : "'varve vss list'") + " shows them";
    }

    private static String several(Virtual wanted, List<Candidate> found) {
        List<String> ids = found.stream().map(one -> one.id().toString()).toList();
        return wanted.place() + " has " + Count.of(found.size(), "machine") + " called "
                + Printable.name(found.get(0).name()) + "; give vm the GUID of one: " + String.join(", ", ids);
    }

    private Optional<Match> named(MachineEntry entry, Virtual wanted, Candidate found) {
        taken.add(wanted.place() + " " + found.id());
        Optional<String> fault = NameRule.fault(wanted.name().orElse(found.name()));
        if (fault.isPresent()) {
            failures.add("machine " + found.id() + " of " + wanted.place() + " (line " + entry.line() + "): its name '"
                    + Printable.name(found.name()) + "' " + fault.get() + "; give it another one with name");
            return Optional.empty();
        }
        return Optional.of(match(entry, wanted, found));
    }

    /** The machines of an entry with {@code vms}, without those that have an entry of their own. */
    List<Match> matching(MachineEntry entry, Virtual wanted) throws InterruptedIOException {
        Answer answer = ask(wanted);
        if (answer.failure().isPresent()) {
            return unanswered(entry, wanted, answer.failure().get());
        }
        List<Match> matches = new ArrayList<>();
        boolean any = false;
        for (Candidate candidate : answer.machines()) {
            if (!isWanted(wanted, candidate.name())) {
                continue;
            }
            any = true;
            Optional<String> fault = NameRule.fault(candidate.name());
            if (taken.contains(wanted.place() + " " + candidate.id())) {
                continue;
            }
            if (fault.isPresent()) {
                warnings.add("machine " + candidate.id() + " of " + wanted.place() + " is left out: its name '"
                        + Printable.name(candidate.name()) + "' " + fault.get()
                        + "; give it an entry of its own, with vm and name");
            } else {
                matches.add(match(entry, wanted, candidate));
            }
        }
        if (!any) {
            warnings.add("vms " + String.join(", ", wanted.patterns()) + " (line " + entry.line()
                    + ") matches nothing on " + wanted.place());
        }
        return matches;
    }

    /** Snapshots tell which machines the host had. */
    private List<Match> unanswered(MachineEntry entry, Virtual wanted, String reason) {
        List<Match> matches = new ArrayList<>();
        for (Remembered known : remembered(wanted)) {
            boolean isTaken = taken.contains(wanted.place() + " " + known.id())
                    || taken.contains(wanted.place() + " " + known.machine().toLowerCase(Locale.ROOT));
            if (isWanted(wanted, known.machine()) && !isTaken) {
                matches.add(failed(entry, wanted, known.machine(), reason));
            }
        }
        if (matches.isEmpty()) {
            failures.add("no machine of " + wanted.place() + " (line " + entry.line() + ") was backed up: " + reason);
        }
        return matches;
    }

    private List<Remembered> remembered(Virtual wanted) {
        if (wanted.host().isEmpty()) {
            return List.of(); // a snapshot by shadow copies does not say which computer's machine it is
        }
        String address = wanted.host().get().address();
        String host = address.replaceFirst(":[0-9]+$", "");
        try {
            return hosts.remembered().stream()
                    .filter(known -> known.host().filter(host::equalsIgnoreCase).isPresent())
                    .toList();
        } catch (IOException e) {
            warnings.add("the machines that " + wanted.place() + " had are not known: " + Reason.of(e));
            return List.of();
        }
    }

    private Optional<String> knownName(Virtual wanted, String vm, Optional<UUID> id) {
        for (Remembered known : remembered(wanted)) {
            if (id.isPresent() ? known.id().equals(id.get()) : known.machine().equalsIgnoreCase(vm)) {
                return Optional.of(known.machine());
            }
        }
        return id.isPresent() ? Optional.empty() : Optional.of(vm);
    }

    private static Match match(MachineEntry entry, Virtual wanted, Candidate candidate) {
        Policy policy = entry.policy();
        HyperVSource.Choices standard = HyperVHosts.choices();
        Origin origin = candidate.machine().isPresent()
                ? new HyperVOrigin(
                        wanted.host().orElseThrow(),
                        candidate.machine().get(),
                        new HyperVSource.Choices(policy.consistency(), standard.retryPause(), policy.mergeLimit()))
                : new VssOrigin(candidate.id(), policy.allowSavedState());
        return new Match(
                new PlannedMachine(wanted.name().orElse(candidate.name()), origin, wanted.gone(), policy),
                candidate.id() + " on " + wanted.place());
    }

    private static Match failed(MachineEntry entry, Virtual wanted, String name, String reason) {
        return new Match(
                new PlannedMachine(name, new FailedOrigin(reason), wanted.gone(), entry.policy()),
                "that of line " + entry.line());
    }

    private static boolean isWanted(Virtual wanted, String name) {
        return wanted.patterns().stream().anyMatch(pattern -> matches(pattern, name))
                && wanted.exclude().stream().noneMatch(pattern -> matches(pattern, name));
    }

    /** As Hyper-V compares names: in any case. */
    static boolean matches(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL)
                .matcher(name)
                .matches();
    }
}
