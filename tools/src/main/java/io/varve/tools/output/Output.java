package io.varve.tools.output;

import io.varve.store.backend.Traffic;
import io.varve.store.job.Warning;
import io.varve.tools.document.CommonFields;
import io.varve.tools.document.DocumentWriter;
import io.varve.tools.document.TrafficEntry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a command's words go: results to standard output, as text or as one JSON document; warnings and notices to
 * standard error, and into the document. Thread-safe.
 */
public final class Output {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final Verbosity verbosity;
    private final boolean colours;
    private final List<Warning> warnings = new ArrayList<>();
    private final ProgressBoard board;
    private final Output whole; // null for the output of a command
    private final String prefix;
    private boolean sourceNotClean;
    private final List<Traffic> traffic = new ArrayList<>(); // one for each repository in a bucket
    private Supplier<? extends Record> document;
    private boolean onlyConfirms;

    public Output(PrintWriter out, PrintWriter err, boolean json) {
        this(out, err, json, Verbosity.NORMAL);
    }

    public Output(PrintWriter out, PrintWriter err, boolean json, Verbosity verbosity) {
        this(out, err, json, verbosity, new ProgressBoard(err));
    }

    /** For tests: with a board of theirs. */
    Output(PrintWriter out, PrintWriter err, boolean json, ProgressBoard board) {
        this(out, err, json, Verbosity.NORMAL, board);
    }

    private Output(PrintWriter out, PrintWriter err, boolean json, Verbosity verbosity, ProgressBoard board) {
        this.whole = null;
        this.prefix = "";
        this.out = out;
        this.err = err;
        this.json = json;
        this.verbosity = verbosity;
        this.colours = Terminal.hasColours();
        this.board = board;
    }

    private Output(Output whole, String prefix) {
        this.whole = whole;
        this.prefix = prefix;
        this.out = whole.out;
        this.err = whole.err;
        this.json = whole.json;
        this.verbosity = whole.verbosity;
        this.colours = whole.colours;
        this.board = whole.board;
    }

    /**
     * The output of a part of a command, such as one machine of several. All that it is told goes to this one, with its
     * name in front; warnings and what follows from them it keeps for itself as well. Its document is never printed.
     */
    public Output part(String name) {
        return new Output(this, name + ": ");
    }

    /** Where progress is shown; the parts of a command share it. */
    ProgressBoard board() {
        return board;
    }

    /** Name of the part in front of its progress; empty for a command as a whole. */
    String prefix() {
        return prefix;
    }

    /**
     * Shows progress from now on; without this call there is none.
     *
     * @param command as it is typed after {@code varve}
     */
    public void showProgress(ProgressMode mode, String command) {
        ProgressMode fitting =
                json || isQuiet() ? ProgressMode.NONE : Terminal.isThere() ? ProgressMode.BAR : ProgressMode.LINES;
        board.show(mode == ProgressMode.AUTO ? fitting : mode, command);
    }

    public boolean isJson() {
        return json;
    }

    boolean isQuiet() {
        return verbosity == Verbosity.QUIET;
    }

    /** Whether the lines of the result only confirm what was asked for; then a quiet command leaves them out. */
    public synchronized void onlyConfirms(boolean confirming) {
        onlyConfirms = confirming;
    }

    /**
     * What to print in JSON mode; a later call replaces an earlier one. It is asked once, when the command ends, also
     * when it fails: so a document can tell how far the command came. Never asked in text mode.
     */
    public synchronized void document(Supplier<? extends Record> document) {
        this.document = document;
    }

    /** A line of the result; nothing in JSON mode. */
    public synchronized void line(String format, Object... arguments) {
        if (!json) {
            String text = arguments.length == 0 ? format : String.format(java.util.Locale.ROOT, format, arguments);
            if (whole != null) {
                whole.line("%s", prefix + text);
                return;
            }
            if (onlyConfirms && isQuiet()) {
                return;
            }
            board.above(out, Printable.text(text));
        }
    }

    /** Something the operator must read; the command ends with exit code 1 at best. */
    public void warning(WarningCode code, String text) {
        warning(code.of(text));
    }

    /** As {@link #warning(WarningCode, String)}, of a code that the engine or a source gave. */
    public synchronized void warning(Warning warning) {
        warnings.add(warning);
        if (whole != null) {
            whole.warning(new Warning(warning.code(), warning.severity(), prefix + warning.text(), warning.advice()));
            return;
        }
        String word = warning.severity() == Warning.Severity.ERROR ? "WARNING:" : "warning:";
        board.above(
                err,
                emphasis(word, "1") + " " + Printable.text(warning.text())
                        + (warning.code().isEmpty() ? "" : " [" + warning.code() + "]"));
        if (!warning.advice().isEmpty()) {
            board.above(err, "         " + warning.advice());
        }
    }

    /** What was done is done, but Varve left something on the source host: told as a warning, too. */
    synchronized void sourceNotClean() {
        sourceNotClean = true;
    }

    /** Something worth knowing. */
    public synchronized void notice(String message) {
        if (whole != null) {
            whole.notice(prefix + message);
            return;
        }
        if (!isQuiet()) {
            board.above(err, Printable.text(message));
        }
    }

    /** Something that helps to find out why a command does what it does; only said when it is to be verbose. */
    public void detail(String message) {
        if (verbosity == Verbosity.VERBOSE) {
            notice("· " + message);
        }
    }

    /** The causes of a failure, where the command is to be verbose. */
    public void causes(Throwable failure) {
        if (verbosity == Verbosity.VERBOSE) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(line -> detail(line.replace("\t", "  ")));
        }
    }

    /** @param style in the numbers of ECMA-48 */
    private String emphasis(String word, String style) {
        return colours ? "\u001B[" + style + "m" + word + "\u001B[0m" : word;
    }

    /** Those given so far. */
    public synchronized List<Warning> warnings() {
        return List.copyOf(warnings);
    }

    public synchronized ExitCode exitCode() {
        return sourceNotClean ? ExitCode.SOURCE_NOT_CLEAN : warnings.isEmpty() ? ExitCode.DONE : ExitCode.WARNINGS;
    }

    /** The document will say what requests were counted up to its end. */
    public synchronized void traffic(Traffic counted) {
        traffic.add(counted);
    }

    private TrafficEntry entry() {
        return new TrafficEntry(
                requests(Traffic.Kind.PUT),
                requests(Traffic.Kind.GET),
                requests(Traffic.Kind.HEAD),
                requests(Traffic.Kind.LIST),
                requests(Traffic.Kind.COPY),
                requests(Traffic.Kind.DELETE),
                traffic.stream().mapToLong(Traffic::retries).sum(),
                traffic.stream().mapToLong(Traffic::bytesSent).sum(),
                traffic.stream().mapToLong(Traffic::bytesReceived).sum());
    }

    private long requests(Traffic.Kind kind) {
        return traffic.stream().mapToLong(counted -> counted.requests(kind)).sum();
    }

    /** Prints the document, if that is what is wanted. */
    public void finish(ExitCode code) {
        finish(code, Optional.empty());
    }

    public void failed(ExitCode code, String message) {
        synchronized (this) {
            board.above(err, emphasis("varve:", "1;31") + " " + Printable.text(message));
        }
        finish(code, Optional.of(message));
    }

    /** The document is asked without a lock: it may wait for threads that have something to print. */
    private void finish(ExitCode code, Optional<String> error) {
        if (json) {
            Optional<Supplier<? extends Record>> last;
            List<Warning> given;
            synchronized (this) {
                last = Optional.ofNullable(document);
                given = warnings();
            }
            Optional<Record> whole = last.map(Supplier::get);
            CommonFields common = new CommonFields(
                    code.word(),
                    error,
                    given.isEmpty() ? Optional.empty() : Optional.of(WarningEntries.of(given)),
                    traffic.isEmpty() ? Optional.empty() : Optional.of(entry()));
            board.above(out, DocumentWriter.text(whole, common));
        }
    }
}
