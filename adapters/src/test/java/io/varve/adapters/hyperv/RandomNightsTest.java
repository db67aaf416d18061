package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/**
 * Nights in which anything happens: crashes at any step, other products, disks that come, go, grow and change places.
 * What was committed restores as the stand-in recorded it, the host ends clean, and what belongs to others is
 * untouched.
 */
class RandomNightsTest {
    @TempDir
    private Path temp;

    @Test
    void aDozenNights() throws IOException {
        run(seed(), 12);
    }

    @Test
    @Tag("long")
    void aHundredNights() throws IOException {
        RandomNights nights = run(seed(), 100);
        assertTrue(nights.committed() > 30 && nights.crashed() > 10 && nights.incremental() > 10, nights.toString());
    }

    /** Another one each time; {@code -Dvarve.seed=N} repeats one. */
    private static long seed() {
        return Long.getLong("varve.seed", System.nanoTime());
    }

    private RandomNights run(long seed, int count) throws IOException {
        try (RandomNights nights = new RandomNights(temp, seed)) {
            for (int i = 0; i < count; i++) {
                nights.happen();
                nights.night();
            }
            nights.quietNight();
            assertEquals(0, nights.exported(), "exported files are left; " + nights);
            return nights;
        }
    }

    /** The test itself is tested: a list that omits a change, which nothing audits, must turn it red. */
    @Test
    void anOmittedRangeIsSeen() throws IOException {
        RandomNights nights = new RandomNights(temp, 1);
        nights.quietNight();
        nights.host().faults().omitFromLists(true);
        assertThrows(AssertionFailedError.class, nights::quietNight);
    }

    @Test
    void aLeakedReferencePointIsSeen() throws IOException {
        RandomNights nights = new RandomNights(temp, 2);
        nights.quietNight();
        nights.host().faults().leakPoints(true);
        assertThrows(AssertionFailedError.class, nights::quietNight);
    }

    /** A quarter of the blocks each night: after four nights every block was compared. */
    @Test
    void theAuditFindsAnOmittedRangeInItsBound() throws IOException {
        StandInHost host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        var machine = host.addMachine("web1");
        StandInDisk disk = machine.addDisk(1 << 20);
        for (int at = 0; at < 1 << 20; at += 64 << 10) {
            disk.write(at, new byte[] {1});
        }
        try (RandomNights nights = new RandomNights(temp, 3, host, machine, 0.25)) {
            nights.quietNight();
            host.faults().omitFromLists(true);
            disk.write(300_000, new byte[] {2});
            nights.unseenNight();
            host.faults().omitFromLists(false);
            int night = 1;
            for (Optional<Snapshot> next = nights.unseenNight();
                    !mode(next).equals("audit-mismatch");
                    next = nights.unseenNight()) {
                assertTrue(++night <= 4, "not found in " + night + " nights");
            }
            nights.quietNight();
        }
    }

    private static String mode(Optional<Snapshot> snapshot) {
        DiskRecord disk = snapshot.orElseThrow().manifest().disks().get(0);
        return disk.reasonCode();
    }
}
