package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table in {@code docs/operations.md}, "What damage does", row by row. */
@Tag("long")
class DamageTableTest {
    @TempDir
    static Path temp;

    private static final Map<String, DamagedRepository> REPOSITORIES = new HashMap<>();

    private static DamagedRepository repository(String protection) throws IOException {
        DamagedRepository made = REPOSITORIES.get(protection);
        if (made == null) {
            Path home = Files.createDirectory(temp.resolve(protection));
            made = new DamagedRepository(home, protection);
            REPOSITORIES.put(protection, made);
        }
        made.heal();
        return made;
    }

    @AfterAll
    static void forget() throws IOException {
        for (DamagedRepository made : REPOSITORIES.values()) {
            made.forgetWhatWasSeen();
        }
    }

    /** The lines of the table: without the head, cells without code marks. */
    static Stream<Arguments> rows() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "operations.md"));
        int head = lines.indexOf("## What damage does");
        List<Arguments> rows = new ArrayList<>();
        for (String line : lines.subList(head + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            String[] cells = line.replace("`", "").split(" *[|] *", -1);
            if (cells.length == 11 && !cells[1].equals("file") && !cells[1].startsWith("---")) {
                rows.add(Arguments.of(cells[1], cells[2], List.of(cells).subList(3, 10)));
            }
        }
        return rows.stream();
    }

    @Test
    void theTableIsThere() throws IOException {
        assertEquals(71, rows().count());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rows")
    void table(String kind, String damage, List<String> expected) throws IOException {
        String protection = "plain";
        String what = damage;
        for (String special : new String[] {"encrypted", "with parity"}) {
            if (damage.endsWith(", " + special)) {
                protection = special;
                what = damage.substring(0, damage.length() - special.length() - 2);
            }
        }
        DamagedRepository damaged = repository(protection);
        damaged.damage(kind, what);
        List<String> found = new ArrayList<>();
        String fsck = damaged.fsck();
        String data = damaged.fsck("--read-data");
        String restores = damaged.restores();
        String repair = "" + damaged.repair();
        String repaired = damaged.restores();
        damaged.backUpAgain();
        String later = damaged.restores();
        String last = damaged.fsck("--read-data");
        found.add(fsck);
        found.add(orSame(data, fsck));
        found.add(restores);
        found.add(repair);
        found.add(orSame(repaired, restores));
        found.add(orSame(later, repaired));
        found.add(orSame(last, data));
        assertEquals(expected, found);
    }

    private static String orSame(String value, String before) {
        return value.equals(before) ? "same" : value;
    }
}
