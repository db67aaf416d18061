// THINK HARD ABOUT THE LAYERING BEFORE CHANGING THIS FILE: it is the architecture diagram, and the build obeys it.
package io.varve.tools;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.varve.store.Repository;
import io.varve.store.cache.UnpackedLibrary;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 *
 *
 * <pre>
 *   tools    bench        the command line; the benchmarks
 *     |        |
 *     +---+----+
 *         v
 *     adapters            files, formats, Hyper-V, shares: the outside world behind the engine's ports
 *         v
 *      engine             ranges, plans, pipelines, jobs; declares the ports, opens nothing itself
 *         v
 *       store             bytes, names, keys: every on-disk format of the repository
 *         v
 *   JDK + the libraries named below
 * </pre>
 *
 * Arrows point down, never up and never sideways between adapters. Bench is not on this test's class path; Maven keeps
 * the others from using it, and the limits on source files below hold for it too.
 */
final class ArchitectureTest {
    private static final String STORE = "io.varve.store..";
    private static final String ENGINE = "io.varve.engine..";
    private static final String ADAPTERS_ROOT = "io.varve.adapters";
    private static final String ADAPTERS = ADAPTERS_ROOT + "..";
    private static final String TOOLS = "io.varve.tools..";
    private static final String BENCH = "io.varve.bench..";

    /** The empty name is that of the primitives. */
    private static final List<String> JDK =
            List.of("", "java..", "javax..", "jdk..", "com.sun.nio.file..", "com.sun.management..");

    private static final List<String> STORE_LIBRARIES = List.of(
            "org.rocksdb..",
            "net.jpountz..",
            "com.github.luben.zstd..",
            "net.openhft.hashing..",
            "org.conscrypt..",
            "org.bouncycastle.crypto..",
            "com.fasterxml.jackson..");
    private static final List<String> ENGINE_LIBRARIES = List.of();
    private static final List<String> ADAPTER_LIBRARIES = List.of(
            "com.sun.jna..",
            "com.fasterxml.jackson.core..",
            "jcifs..",
            "org.bouncycastle.crypto.digests..",
            "org.w3c.dom..",
            "org.xml.sax..",
            "org.ietf.jgss..");
    private static final List<String> TOOL_LIBRARIES = List.of(
            "picocli..", "com.fasterxml.jackson..", "org.snakeyaml.engine..", "jakarta.mail..", "jakarta.activation..");

    /**
     * Adapters that give meaning to the bytes of a file, and so read through another one; chain finds their parents.
     */
    private static final Set<String> DISK_FORMATS = Set.of("chain", "raw", "vhd", "vhdx");

    private static final Set<String> WINDOWS_SOURCES = Set.of("virtdisk", "vss", "hyperv");

    /** What asks Windows which ranges changed. */
    private static final Set<String> TRACKED_SOURCES = Set.of("virtdisk", "hyperv");

    /** Sources that freeze machines whose disks may have any format. */
    private static final Set<String> FROZEN_SOURCES = Set.of("vss", "hyperv");

    /** What a source of frozen files opens disks of any format through: the root package, and what that needs. */
    private static final Set<String> FROZEN_FILES = Set.of("", "chain", "file");

    /** Sources on other computers, which ask who is there. */
    private static final Set<String> LOGGED_ON_SOURCES = Set.of("hyperv", "smb");

    /** What shared disks are reached through, asked for their changes, and remembered by. */
    private static final Set<String> SHARED_DISKS = Set.of("smb", "rct", "file");

    private static final Set<String> READ_THROUGH = Set.of("chain", "file");

    /** Work with repositories, wherever they are; of {@code snapshot} all but what this computer remembers. */
    private static final String[] WITHOUT_FILES = Stream.of(
                    "session",
                    "gc",
                    "copy",
                    "repair",
                    "parity",
                    "trash",
                    "hold",
                    "snapshot",
                    "map",
                    "pack",
                    "retention")
            .map(name -> "io.varve.store." + name + "..")
            .toArray(String[]::new);

    private static final int MAX_LINES = 500;
    private static final int MAX_DESIGN_LINES = 250;
    private static final int MAX_COLUMNS = 120;
    private static final int MAX_PARAMETERS = 7;

    private static final JavaClasses VARVE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.varve");

    @Test
    void storeUsesTheJdkAndItsLibraries() {
        check(only(STORE, List.of(STORE), STORE_LIBRARIES));
    }

    @Test
    void engineUsesStore() {
        check(only(ENGINE, List.of(ENGINE, STORE), ENGINE_LIBRARIES));
    }

    @Test
    void adaptersUseEngine() {
        check(classes()
                .that()
                .resideInAPackage(ADAPTERS)
                .should()
                .onlyDependOnClassesThat(named(List.of(ADAPTERS, ENGINE), ADAPTER_LIBRARIES)
                        .or(JavaClass.Predicates.equivalentTo(CorruptDataException.class))
                        .or(JavaClass.Predicates.equivalentTo(Reason.class))
                        .or(JavaClass.Predicates.equivalentTo(Count.class))
                        .or(JavaClass.Predicates.equivalentTo(UnpackedLibrary.class)))
                .because("of the store they know its ways to report damaged bytes and failed calls, and the one place"
                        + " where native libraries are unpacked, and no more"));
    }

    @Test
    void toolsUseAllBelow() {
        check(only(TOOLS, List.of(TOOLS, ADAPTERS, ENGINE, STORE), TOOL_LIBRARIES));
    }

    @Test
    void nothingUsesBench() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage(BENCH));
    }

    @Test
    void adaptersDoNotUseEachOther() {
        check(classes()
                .that()
                .resideInAPackage(ADAPTERS)
                .should(stayWithinTheirAdapter())
                .because("disk formats read through a byte source; all other wiring is in " + ADAPTERS_ROOT));
    }

    /** Names of the classes of disk formats that write a new file, always one of this host. */
    private static final String WRITERS = "(New.*|Existing.*|.*Target)";

    @Test
    void diskFormatsReadThroughTheFolderPort() {
        check(noClasses()
                .that()
                .resideInAnyPackage(DISK_FORMATS.stream()
                        .map(format -> ADAPTERS_ROOT + "." + format + "..")
                        .toArray(String[]::new))
                .and()
                .haveNameNotMatching(".*\\." + WRITERS + "(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.file.."))
                .because("what they read may lie on a share or in a shadow copy"));
    }

    @Test
    void engineOpensNoFileOrSocket() {
        check(noClasses()
                .that()
                .resideInAPackage(ENGINE)
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net..", "com.sun.nio.file..")
                        .or(DescribedPredicate.describe("open files or sockets", ArchitectureTest::opens))));
    }

    @Test
    void packagesFormNoCycle() {
        SliceAssignment everyPackage = new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                String name = javaClass.getBaseComponentType().getPackageName();
                return name.startsWith("io.varve") ? SliceIdentifier.of(name) : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
        check(SlicesRuleDefinition.slices().assignedFrom(everyPackage).should().beFreeOfCycles());
    }

    @Test
    void wordsThatMeanNothingNameNothing() {
        check(noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .resideInAnyPackage("..util..", "..common.."));
    }

    /** More are a named record, or the class does too much. Records are what names them, so they have any number. */
    @Test
    void constructorsTakeFewParameters() {
        check(classes()
                .that()
                .areNotAssignableTo(Record.class)
                .and()
                .areNotEnums()
                .and()
                .areNotAnonymousClasses()
                .should(haveConstructorsOfFewParameters()));
    }

    private static ArchCondition<JavaClass> haveConstructorsOfFewParameters() {
        return new ArchCondition<>("have constructors of at most " + MAX_PARAMETERS + " parameters") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                origin.getConstructors().stream()
                        .filter(constructor ->
                                constructor.getRawParameterTypes().size() > MAX_PARAMETERS)
                        .filter(constructor -> !constructor.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .forEach(constructor -> events.add(SimpleConditionEvent.violated(
                                origin,
                                constructor.getFullName() + " has "
                                        + constructor.getRawParameterTypes().size() + " parameters")));
            }
        };
    }

    /** A repository may be in a bucket or in memory: who works with one knows no file of this computer. */
    @Test
    void workOnRepositoriesKeepsNoPath() {
        check(noFields()
                .that()
                .areDeclaredInClassesThat(resideInAnyPackage(WITHOUT_FILES)
                        .or(JavaClass.Predicates.equivalentTo(Repository.class))
                        .and(DescribedPredicate.not(nameMatching(".*(Memory|SeenSnapshots|MemoryException)(\\$.*)?"))))
                .should()
                .haveRawType(Path.class)
                .because("objects are reached through Backend, this computer's files through LocalHome"));
    }

    /** Our classes in packages of jcifs-ng are there for what it keeps to itself, and for nothing else. */
    @Test
    void classesInALibrarysPackagesUseTheLibraryAlone() {
        JavaClasses ours = new ClassFileImporter()
                .withImportOption(location -> location.contains("adapters") && !location.contains("jcifs-ng"))
                .importPackages("jcifs");
        assertEquals(
                Set.of("jcifs.smb.SessionSeam", "jcifs.util.transport.TransportSeam"),
                ours.stream()
                        .map(JavaClass::getName)
                        .filter(name -> !name.contains("$") && !name.endsWith("package-info"))
                        .collect(Collectors.toSet()));
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.varve..")
                .check(ours);
    }

    /** Who reads it all in one go reads it. */
    @Test
    void theDesignIsShortAndNarrow() throws IOException {
        List<String> offences = new ArrayList<>();
        measure(Path.of("..", "docs", "design.md"), MAX_DESIGN_LINES, offences);
        measure(Path.of("..", "docs", "protocol.md"), MAX_LINES, offences);
        measure(Path.of("..", "docs", "decisions.md"), MAX_LINES, offences);
        assertEquals(List.of(), offences);
    }

    @Test
    void sourceFilesAreShortAndNarrow() throws IOException {
        List<String> offences = new ArrayList<>();
        int files = 0;
        for (String module : List.of("store", "engine", "adapters", "tools", "bench")) {
            Path sources = Path.of("..", module, "src");
            if (!Files.isDirectory(sources)) {
                continue;
            }
            try (Stream<Path> tree = Files.walk(sources)) {
                for (Path file :
                        tree.filter(path -> path.toString().endsWith(".java")).toList()) {
                    files++;
                    measure(file, MAX_LINES, offences);
                }
            }
        }
        assertEquals(List.of(), offences);
        assertTrue(files > 0, "no sources found: is the test run from the directory of its module?");
    }

    private static void measure(Path file, int most, List<String> offences) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() > most) {
            offences.add(file + " has " + lines.size() + " lines, more than " + most);
        }
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).length() > MAX_COLUMNS) {
                offences.add(file + ":" + (i + 1) + " is wider than " + MAX_COLUMNS + " columns");
            }
        }
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(VARVE);
    }

    private static ArchRule only(String layer, List<String> layers, List<String> libraries) {
        return classes().that().resideInAPackage(layer).should().onlyDependOnClassesThat(named(layers, libraries));
    }

    private static DescribedPredicate<JavaClass> named(List<String> layers, List<String> libraries) {
        List<String> packages =
                Stream.of(layers, libraries, JDK).flatMap(List::stream).toList();
        DescribedPredicate<JavaClass> inPackages = resideInAnyPackage(packages.toArray(String[]::new));
        return DescribedPredicate.describe(
                "are in " + Stream.concat(layers.stream(), libraries.stream()).toList() + " or the JDK",
                javaClass -> inPackages.test(javaClass.getBaseComponentType()));
    }

    private static boolean opens(JavaClass target) {
        String name = target.getName();
        return name.equals("java.nio.file.Files")
                || name.equals("java.nio.file.FileSystems")
                || name.equals("java.io.File")
                || name.equals("java.io.RandomAccessFile")
                || name.startsWith("java.io.FileInput")
                || name.startsWith("java.io.FileOutput")
                || name.equals("java.io.FileReader")
                || name.equals("java.io.FileWriter")
                || name.startsWith("java.nio.channels.") && (name.contains("File") || name.contains("Socket"));
    }

    private static ArchCondition<JavaClass> stayWithinTheirAdapter() {
        return new ArchCondition<>("use no other adapter") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                String from = adapterOf(origin);
                if (from.isEmpty()) {
                    return;
                }
                origin.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> isAdapter(dependency.getTargetClass()))
                        .filter(dependency -> !mayUse(from, adapterOf(dependency.getTargetClass())))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(origin, dependency.getDescription())));
            }
        };
    }

    private static boolean mayUse(String from, String to) {
        return from.equals(to)
                || DISK_FORMATS.contains(from) && READ_THROUGH.contains(to)
                || WINDOWS_SOURCES.contains(from) && to.equals("windows")
                || TRACKED_SOURCES.contains(from) && to.equals("rct")
                || LOGGED_ON_SOURCES.contains(from) && to.equals("login")
                || FROZEN_SOURCES.contains(from) && FROZEN_FILES.contains(to)
                || from.equals("hyperv") && to.equals("virtdisk")
                || from.equals("rsvd") && SHARED_DISKS.contains(to);
    }

    private static boolean isAdapter(JavaClass javaClass) {
        String name = javaClass.getBaseComponentType().getPackageName();
        return name.equals(ADAPTERS_ROOT) || name.startsWith(ADAPTERS_ROOT + ".");
    }

    /** {@code "vhdx"} for {@code io.varve.adapters.vhdx.bat}; empty for the root package, which wires all of them. */
    private static String adapterOf(JavaClass javaClass) {
        String name = javaClass.getBaseComponentType().getPackageName();
        if (name.equals(ADAPTERS_ROOT)) {
            return "";
        }
        String below = name.substring(ADAPTERS_ROOT.length() + 1);
        int dot = below.indexOf('.');
        return dot < 0 ? below : below.substring(0, dot);
    }
}
