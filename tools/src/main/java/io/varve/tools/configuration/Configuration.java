package io.varve.tools.configuration;

import io.varve.adapters.windows.GivenPath;
import io.varve.store.cache.CacheDirectory;
import io.varve.store.fault.Reason;
import io.varve.tools.output.UsageException;
import io.varve.tools.yaml.Mistake;
import io.varve.tools.yaml.ShapeSchema;
import io.varve.tools.yaml.YamlFile;
import io.varve.tools.yaml.YamlReader;
import io.varve.tools.yaml.YamlSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the configuration files say: that of the computer, and that of the user, which takes precedence. Where
 * {@code VARVE_CONFIG} names a file, it is the only one; empty, there is none.
 */
public final class Configuration {
    private static final String FILE_NAME = "config.yaml";
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final Path SELF = Path.of("/proc/self");

    private final Map<String, NamedRepository> repositories = new LinkedHashMap<>();
    private final List<Path> files = new ArrayList<>();
    private Optional<NamedRepository> byDefault = Optional.empty();

    private Configuration() {}

    /**
     * Reads the files there are.
     *
     * @throws UsageException when one cannot be used; it names each mistake with its line
     */
    public static Configuration read() throws UsageException {
        return read(System.getenv(), CacheDirectory.isWindows(), Path.of(System.getProperty("user.home")));
    }

    static Configuration read(Map<String, String> environment, boolean windows, Path home) throws UsageException {
        Configuration configuration = new Configuration();
        String named = environment.get("VARVE_CONFIG");
        if (named == null) {
            for (Path place : places(environment, windows, home)) {
                configuration.add(place, false);
            }
        } else if (!named.isEmpty()) {
            configuration.add(Path.of(named).toAbsolutePath(), true);
        }
        return configuration;
    }

    /** Where the files are, that of the computer first. */
    static List<Path> places(Map<String, String> environment, boolean windows, Path home) {
        if (windows) {
            String all = environment.getOrDefault("ProgramData", "C:\\ProgramData");
            String own = environment.get("APPDATA");
            Path user = own == null ? home.resolve("AppData").resolve("Roaming") : Path.of(own);
            return List.of(
                    Path.of(all).resolve("Varve").resolve(FILE_NAME),
                    user.resolve("Varve").resolve(FILE_NAME));
        }
        String own = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path user = own.isEmpty() ? home.resolve(".config") : Path.of(own);
        return List.of(
                Path.of("/etc/varve").resolve(FILE_NAME), user.resolve("varve").resolve(FILE_NAME));
    }

    private void add(Path file, boolean required) throws UsageException {
        try {
            checkOwner(file);
        } catch (NoSuchFileException e) {
            if (required) {
                throw new UsageException(file + ": no such file; VARVE_CONFIG names it");
            }
            return;
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new UsageException("cannot read the configuration file: " + Reason.of(e));
        }
        String text = YamlFile.text(file);
        if (text.lines().allMatch(line -> line.isBlank() || line.strip().startsWith("#"))) {
            return; // a file of comments names no repository
        }
        List<Mistake> mistakes = new ArrayList<>();
        YamlSection root = new YamlReader(mistakes).read(text, ConfigurationShape.FILE);
        add(root, file, mistakes);
        if (!mistakes.isEmpty()) {
            throw YamlFile.refused(file, mistakes);
        }
        files.add(file);
    }

    private void add(YamlSection root, Path file, List<Mistake> mistakes) {
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (YamlSection section : root.list("repositories", YamlSection.class)) {
            Optional<String> name = section.get("name", String.class);
            Optional<RepositoryPlace> place = section.get("path", RepositoryPlace.class);
            if (name.isEmpty() || place.isEmpty()) {
                continue; // which is a mistake already
            }
            Integer before = lines.putIfAbsent(name.get(), section.lineOf("name"));
            if (before != null) {
                mistakes.add(new Mistake(
                        section.lineOf("name"), "repository '" + name.get() + "' is already on line " + before));
            }
            repositories.put(
                    name.get(),
                    new NamedRepository(
                            name.get(),
                            place.get(),
                            section.get("key-file", GivenPath.class).orElse(null),
                            section.get("password-file", GivenPath.class).orElse(null),
                            section.get("password-command", String.class).orElse(null),
                            file));
        }
        root.get("default", String.class).ifPresent(name -> {
            byDefault = Optional.ofNullable(repositories.get(name));
            if (byDefault.isEmpty()) {
                mistakes.add(new Mistake(root.lineOf("default"), "default: no repository is named '" + name + "'"));
            }
        });
    }

    /** Whoever can write the file could have commands run as this user, or have backups written elsewhere. */
    private static void checkOwner(Path file) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(file, "unix:uid,mode");
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            Files.readAttributes(file, "isDirectory"); // Windows: only whether it is there
            return;
        }
        int owner = (Integer) attributes.get("uid");
        int mode = (Integer) attributes.get("mode");
        boolean own = owner == 0
                || !Files.exists(SELF)
                || Files.getAttribute(SELF, "unix:uid").equals(owner);
        if (!own || (mode & WRITABLE_BY_OTHERS) != 0) {
            throw new UsageException(file + ": expected a file of this user or of root that nobody else can write to,"
                    + " found user id " + owner + ", mode " + Integer.toOctalString(mode & 07777)
                    + ". It names commands that Varve runs: correct owner and mode (chmod go-w)");
        }
    }

    /** The JSON Schema of these files, for editors. */
    public static String schema() {
        return ShapeSchema.of(ConfigurationShape.FILE, ConfigurationShape.TITLE);
    }

    /** The files that were read. */
    public List<Path> files() {
        return List.copyOf(files);
    }

    /** All names there are, those of the computer first. */
    public List<String> names() {
        return List.copyOf(repositories.keySet());
    }

    /**
     * The repository of that name.
     *
     * @throws UsageException when there is none
     */
    public NamedRepository named(String name) throws UsageException {
        NamedRepository found = repositories.get(name);
        if (found == null) {
            throw new UsageException("no repository is named '@" + name + "'; "
                    + (files.isEmpty()
                            ? "there is no configuration file ('varve help configuration')"
                            : repositories.isEmpty()
                                    ? "the configuration file names none"
                                    : "expected one of @" + String.join(", @", repositories.keySet())
                                            + "; a directory of that name is ./@" + name));
        }
        return found;
    }

    /** The one to use where nothing names one. */
    public Optional<NamedRepository> byDefault() {
        return byDefault;
    }
}
