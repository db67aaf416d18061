package io.varve.tools.nightly;

import static io.varve.tools.yaml.Shape.Key.optional;
import static io.varve.tools.yaml.Shape.Key.required;

import io.varve.adapters.hyperv.wsman.Trust;
import io.varve.adapters.windows.GivenPath;
import io.varve.store.chunk.Compression;
import io.varve.store.snapshot.NameRule;
import io.varve.tools.configuration.RepositoryPlace;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.ByteSize;
import io.varve.tools.source.ReadingWay;
import io.varve.tools.yaml.Shape;
import io.varve.tools.yaml.Shape.Kind;
import io.varve.tools.yaml.Shape.ListOf;
import io.varve.tools.yaml.Shape.Scalar;
import io.varve.tools.yaml.Shape.Section;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/** What may be in a job file. The reader and the JSON Schema are both made of this. */
final class JobShape {
    /** Title of the schema. */
    static final String TITLE = "Job file of varve nightly";

    private static final Scalar TEXT = Scalar.text("a text", "", Function.identity());
    private static final Scalar NAME = Scalar.text("a name", "", JobShape::name);
    private static final Scalar PATH = Scalar.absolutePath();
    private static final Scalar PLACE = Scalar.text(
            "an absolute path, s3://BUCKET/PREFIX, or \"@NAME\" of a configuration file", "", JobShape::place);
    private static final Scalar SIZE = new Scalar(
            "a size such as 50M or 1GiB",
            Set.of(Kind.STRING, Kind.INTEGER),
            "[1-9][0-9]{0,17} ?[kmgtKMGT]?(i?[bB])?",
            List.of(),
            1,
            Long.MAX_VALUE,
            JobShape::size);
    private static final Scalar LENGTH =
            Scalar.text("a length of time such as 30s, 10m, 2h or 7d", "[1-9][0-9]{0,5}[smhd]", JobShape::duration);
    private static final Scalar TIME =
            Scalar.text("a time of day such as \"22:00\"", "([01][0-9]|2[0-3]):[0-5][0-9]", LocalTime::parse);
    private static final Scalar PERCENT = new Scalar(
            "a percentage above 0 and up to 100",
            Set.of(Kind.STRING, Kind.NUMBER),
            "[0-9]{1,3}(\\.[0-9]{1,9})?%",
            List.of(),
            0,
            100,
            JobShape::percent);
    private static final Scalar PERIOD = Scalar.text(
            "a period such as 30d, 6w, 3m, 1y or 1y6m", "([0-9]+y)?([0-9]+m)?([0-9]+w)?([0-9]+d)?", JobShape::period);
    private static final Scalar COMPRESSION = Scalar.text(
            "lz4, zstd, zstd:1 to zstd:19 or none", "lz4|none|zstd(:([1-9]|1[0-9]))?", JobShape::compression);
    private static final Scalar ZONE = Scalar.text("a time zone such as UTC or Europe/Berlin", "", JobShape::zone);
    private static final Scalar URL =
            Scalar.text("a URL that begins with http:// or https://", "https?://.+", JobShape::url);
    // With a pattern, these are patterns of names, so they are only checked as paths where the disks are searched for.
    private static final Scalar DISK =
            Scalar.text("NAME=PATH or PATH, with an absolute path or smb://HOST/SHARE/PATH", "", Function.identity());
    private static final Scalar FILE = Scalar.text("NAME=PATH, with an absolute path", "[^=]+=.+", Function.identity());

    private static final Scalar ADDRESS = Scalar.text(
            "HOST or HOST:PORT, with http:// before it for sealing by Kerberos without TLS",
            "(https?://)?(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?",
            Function.identity());
    private static final Scalar FINGERPRINT = Scalar.text(
            "a SHA-256 fingerprint of 64 hex digits", "([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}", JobShape::print);
    private static final Scalar MOUNT = Scalar.text(
            "HOSTPATH=PATH, such as D:\\VMs=/mnt/vms, with an absolute path",
            "([A-Za-z]:\\\\[^=]*|\\\\\\\\[^\\\\=]+\\\\[^=]+)=.+",
            JobShape::mount);
    private static final Scalar WAY = new Scalar(
            "one of " + String.join(", ", ReadingWay.words()),
            Set.of(Kind.STRING),
            "",
            ReadingWay.words(),
            0,
            0,
            ReadingWay::named);

    static final Section KEEP = new Section(
            optional("last", Scalar.whole(1, 100_000), "Keep this many of the newest snapshots."),
            optional("hourly", Scalar.whole(1, 100_000), "Keep the newest snapshot of each hour, for this many hours."),
            optional("daily", Scalar.whole(1, 100_000), "Likewise for days."),
            optional("weekly", Scalar.whole(1, 100_000), "Likewise for weeks."),
            optional("monthly", Scalar.whole(1, 100_000), "Likewise for months."),
            optional("yearly", Scalar.whole(1, 100_000), "Likewise for years."),
            optional("within", PERIOD, "Keep snapshots up to this much older than the machine's newest."),
            optional("tags", new ListOf(NAME), "Keep snapshots with one of these tags, besides what the others keep."));

    private static final Section MACHINE_HOOKS = new Section(
            optional("before", TEXT, "Command before anything else is done for the machine."),
            optional("freeze", TEXT, "Command that freezes the disks."),
            optional("thaw", TEXT, "Command that thaws the disks. Runs whenever freeze was started."),
            optional("after", TEXT, "Command after the machine is done, even if it failed."),
            optional("time-limit", LENGTH, "How long each may take. Default: 10m."));

    private static final Section JOB_HOOKS = new Section(
            optional("before", TEXT, "Command before the first machine. If it fails, the night fails."),
            optional("after", TEXT, "Command at the end of the night, even if it failed."),
            optional("time-limit", LENGTH, "How long each may take. Default: 10m."));

    private static final Shape.Key[] POLICY = {
        optional("compression", COMPRESSION, "Compression of new blocks. Default: lz4."),
        optional("require-frozen", Scalar.flag(), "Refuse a disk that another program can write to."),
        optional("disks-at-once", Scalar.whole(1, 64), "Disks of the machine to read at the same time. Default: 2."),
        optional("audit", PERCENT, "Share of the unchanged blocks to read and compare each night."),
        optional("parents", new ListOf(PATH), "Folders to search for the parents of differencing disks."),
        optional("allow-parent-outside", Scalar.flag(), "Follow parent paths that lead out of a disk's folder."),
        optional(
                "consistency",
                Scalar.oneOf("require", "prefer", "crash"),
                "With source hyperv: whether the guest must freeze its applications. Default: prefer."),
        optional(
                "merge-limit",
                LENGTH,
                "With source hyperv: how long to wait until the host has merged a checkpoint. Default: 30m."),
        optional(
                "allow-saved-state",
                Scalar.flag(),
                "With source vss: accept that a machine is interrupted while its state is saved."),
        optional("keep", KEEP, "Retention rules, applied after the machine was backed up."),
        optional("hooks", MACHINE_HOOKS, "Commands to run around the machine's backup.")
    };

    private static final Section HOST = new Section(
            required("name", NAME, "What machines call it."),
            required(
                    "address",
                    ADDRESS,
                    "Its WinRM over HTTPS, port 5986 unless stated; or http://HOST, sealed by Kerberos."),
            optional(
                    "user",
                    TEXT,
                    "Account: USER@DOMAIN or DOMAIN\\USER by Kerberos, otherwise a local one of the host. Default: the"
                            + " Kerberos ticket of the night's account."),
            optional("password-file", PATH, "File whose first line is the account's password."),
            optional("fingerprint", FINGERPRINT, "Accept exactly this certificate of the host: SHA-256 in hex."),
            optional("ca-file", PATH, "Accept certificates that the authorities in this PEM file signed."),
            optional(
                    "map",
                    new ListOf(MOUNT),
                    "Folders of the host that are mounted here, or smb:// where they are shared; none on the host"
                            + " itself."),
            optional("read", WAY, "How disks are read. Default: auto."),
            optional(
                    "export-to",
                    TEXT,
                    "With read export: folder that the host writes to, by the host's path. Where it is mounted here is"
                            + " said by map."),
            optional(
                    "groups",
                    Scalar.flag(),
                    "Whether machines that share VHD sets are backed up together, with the sets. Default: false."));

    private static final Section MACHINE = section(
            POLICY,
            optional("name", NAME, "Name of the machine. Its snapshots form one history."),
            optional("pattern", PATH, "Folders or files, each a machine named like it: /vm/*, /vm/*.vhdx."),
            optional("source", Scalar.oneOf("files", "hyperv", "vss"), "Where its disks are. Default: files."),
            optional("host", TEXT, "With source hyperv: name of a host of the section hosts."),
            optional("vm", TEXT, "With source hyperv: name or GUID of a machine. With vss: GUID."),
            optional("vms", new ListOf(TEXT), "Machines of the host by name, with * and ?."),
            optional("disks", new ListOf(DISK), "Its disks: [NAME=]PATH. With a pattern: patterns of file names."),
            optional("files", new ListOf(FILE), "Configuration files to store with the disks: NAME=PATH."),
            optional("gone", new ListOf(NAME), "Disks that the machine no longer has."),
            optional("exclude", new ListOf(TEXT), "Names to leave out, with * and ?. Only with a pattern or vms."));

    private static final Section REPOSITORY =
            repository(optional("wait", LENGTH, "How long to wait for another writer of the repository. Default: 1h."));

    private static final Section WEBHOOK = new Section(
            required("url", URL, "Where to send the night's result, as JSON, with POST."),
            optional("token-file", PATH, "File whose first line is sent as a bearer token."),
            optional("time-limit", LENGTH, "How long it may take. Default: 30s."));

    private static final Section SMTP = new Section(
            required("host", TEXT, "Mail server."),
            optional("port", Scalar.whole(1, 65_535), "Default: 587, with security tls 465, with none 25."),
            optional("security", Scalar.oneOf("starttls", "tls", "none"), "Default: starttls."),
            optional("user", TEXT, "Name to log in with."),
            optional("password-file", PATH, "File whose first line is the password."),
            required("from", TEXT, "Address of the sender."),
            required("to", new ListOf(TEXT), "Addresses."),
            optional("time-limit", LENGTH, "How long it may take. Default: 30s."));

    private static final Section NOTIFY = new Section(
                    optional("when", Scalar.oneOf("always", "warnings", "failure"), "Default: always."),
                    optional("command", TEXT, "Command; gets the result as text on standard input."),
                    optional("webhook", WEBHOOK, "Request to a web server."),
                    optional("smtp", SMTP, "Mail."))
            .exactlyOneOf("command", "webhook", "smtp");

    /** The whole file. */
    static final Section FILE_SHAPE = new Section(
            optional("name", NAME, "Name of the job. Default: that of the file."),
            required("repository", REPOSITORY, "Where the backups go."),
            required("machines", new ListOf(MACHINE), "What to back up."),
            optional("hosts", new ListOf(HOST), "Hyper-V hosts, for machines with source hyperv."),
            optional("defaults", new Section(POLICY), "For all machines that do not set their own."),
            optional("parallel", Scalar.whole(1, 64), "Machines to back up at the same time. Default: 1."),
            optional("threads", Scalar.whole(1, 256), "Worker threads for all machines. Default: one per processor."),
            optional("read-rate", SIZE, "Limit for reading, in bytes per second, for all machines together."),
            optional("write-rate", SIZE, "Limit for writing, in bytes per second, for all machines together."),
            optional(
                    "window",
                    new Section(
                            optional("from", TIME, "With --if-due, start no night before this time."),
                            required("until", TIME, "Start no machine after this time.")),
                    "When machines may be started."),
            optional(
                    "schedule",
                    new Section(
                            required("at", TIME, "When a night is due."),
                            optional(
                                    "days",
                                    new ListOf(Scalar.oneOf("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
                                    "Days on which one is due. Default: every day.")),
                    "When a night is due, for --if-due."),
            optional("zone", ZONE, "Time zone of times, and of retention. Default: that of this computer."),
            optional(
                    "copy",
                    repository(optional("decrypt", Scalar.flag(), "Allow a plain copy of an encrypted repository.")),
                    "Second repository to copy new snapshots to."),
            optional(
                    "gc",
                    new Section(
                            optional("every", LENGTH, "Run at most this often. Default: every night."),
                            optional(
                                    "max-waste",
                                    PERCENT,
                                    "Repack packs of which a larger share is not needed. Default: 10."),
                            optional("max-delete", PERCENT, "Stop if more would be deleted. Default: 50.")),
                    "Collection of unneeded packs, after retention."),
            optional(
                    "fsck",
                    new Section(
                            optional("every", LENGTH, "Run at most this often. Default: every night."),
                            optional("read-data", PERCENT, "Share of the packs to read."),
                            optional("within", LENGTH, "Read only packs that were last read longer ago than this."),
                            optional("since-last", Scalar.flag(), "Read only new packs and damaged ones."),
                            optional("deep", Scalar.flag(), "Decompress chunks and compute their ids."),
                            optional("read-rate", SIZE, "Limit for reading, in bytes per second.")),
                    "Check of the repository, or of a part."),
            optional(
                    "proof",
                    new Section(
                            optional("size", SIZE, "How much of the disk to restore. Default: all of it."),
                            optional("live", Scalar.flag(), "Compare with the disk itself, too. Default: true."),
                            optional("read-rate", SIZE, "Limit for reading from the repository, in bytes per second.")),
                    "Restore one disk each night, chosen at random, and compare it; nothing is written."),
            optional("hooks", JOB_HOOKS, "Commands to run around the night."),
            optional("notify", new ListOf(NOTIFY), "Who is notified of the result."),
            optional("metrics-file", PATH, "Write metrics for Prometheus to this file."),
            optional("report-file", PATH, "Write the report as HTML to this file."));

    private JobShape() {}

    private static Section repository(Shape.Key more) {
        return new Section(
                required(
                        "path",
                        PLACE,
                        "The repository: a path, s3://BUCKET/PREFIX, or \"@NAME\" of a configuration file"
                                + " (with quotes)."),
                optional("key-file", PATH, "Key file of an encrypted repository."),
                optional("password-file", PATH, "File whose first line is the passphrase."),
                optional("password-command", TEXT, "Command that prints the passphrase."),
                more);
    }

    private static Section section(Shape.Key[] common, Shape.Key... own) {
        return new Section(
                Stream.concat(Arrays.stream(own), Arrays.stream(common)).toArray(Shape.Key[]::new));
    }

    /** A name of a configuration file stays a text until that file was read. */
    private static Object place(String text) {
        return text.startsWith("@") ? text : RepositoryPlace.ofFile(text);
    }

    private static String name(String text) {
        NameRule.fault(text).ifPresent(fault -> {
            throw new IllegalArgumentException("the name " + fault);
        });
        return text;
    }

    private static Long size(String text) {
        try {
            return new ByteSize().convert(text);
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Duration duration(String text) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private static Double percent(String text) {
        double value = Double.parseDouble(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
        if (!(value > 0 && value <= 100)) {
            throw new IllegalArgumentException("expected a percentage above 0 and up to 100, found '" + text + "'");
        }
        return value;
    }

    private static Period period(String text) {
        try {
            Period period = Period.parse("P" + text);
            if (!period.isZero()) {
                return period;
            }
        } catch (DateTimeException e) {
            // Said below.
        }
        throw new IllegalArgumentException("expected a period such as 30d, 6w, 3m, 1y or 1y6m, found '" + text + "'");
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (url.getHost() == null) {
            throw new IllegalArgumentException("expected a URL with the name of a server, found '" + text + "'");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("expected a URL without a user and password: use token-file");
        }
        return url;
    }

    private static MappedFolder mount(String text) {
        return MappedFolder.parse(text, path -> (GivenPath) PATH.parse().apply(path));
    }

    private static String print(String text) {
        Trust.pinned(text);
        return text;
    }

    private static Compression compression(String text) {
        return switch (text) {
            case "lz4" -> Compression.LZ4;
            case "none" -> Compression.NONE;
            default -> Compression.zstd(text.length() > 5 ? Integer.parseInt(text.substring(5)) : 3);
        };
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "expected a time zone such as UTC or Europe/Berlin, found '" + text + "'", e);
        }
    }
}
