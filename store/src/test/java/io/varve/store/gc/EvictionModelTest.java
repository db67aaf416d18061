package io.varve.store.gc;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.gc.EvictionModel.Mistake;
import io.varve.store.gc.EvictionModel.Work;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every order of the steps of processes and of collections, each declared dead at any moment and going on. */
class EvictionModelTest {
    private static final List<Work> BACKUP = List.of(Work.BACKUP);
    private static final List<Work> BRING_BACK = List.of(Work.BRING_BACK);
    private static final List<Work> BOTH = List.of(Work.BACKUP, Work.BRING_BACK);

    private static void search(List<Work> works, int collections, boolean lateCollections) {
        StateSearch search = new StateSearch();
        assertNull(search.search(new EvictionModel(works, collections, lateCollections)));
        assertTrue(search.states() > 100_000, search.states() + " states");
    }

    private static boolean isNoticed(Mistake mistake, List<Work> works, int collections) {
        return new StateSearch().search(new EvictionModel(works, collections, true, mistake)) != null;
    }

    @Test
    void aBackupLosesNothing() {
        search(BACKUP, 2, true);
    }

    @Test
    void norDoesBringingBack() {
        search(BRING_BACK, 2, true);
    }

    @Tag("long")
    @Test
    void norDoThreeCollections() {
        search(BACKUP, 3, true);
        search(BRING_BACK, 3, true);
    }

    @Tag("long")
    @Test
    void norDoTwoProcesses() {
        search(BOTH, 2, false);
    }

    /** The search would notice: with a rule left out it finds a history that loses data. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RESCUES_COUNT_IN_MARKED_LISTS", "EACH_SWEEP_DECIDES_FOR_ITSELF", "NAMES_RETURN"})
    void withoutARuleSomethingIsLost(Mistake mistake) {
        assertTrue(isNoticed(mistake, BRING_BACK, 2), mistake::toString);
    }

    /** These two take a second process to do harm. */
    @Tag("long")
    @ParameterizedTest
    @EnumSource(names = {"RESCUES_COUNT_IN_MARKED_LISTS", "EACH_SWEEP_DECIDES_FOR_ITSELF"})
    void orASecondProcessLosesIt(Mistake mistake) {
        assertTrue(isNoticed(mistake, BOTH, 2), mistake::toString);
    }

    @Tag("long")
    @Test
    void namesDoNotReturn() {
        assertNotNull(new StateSearch().search(new EvictionModel(BACKUP, 3, true, Mistake.NAMES_RETURN)));
    }
}
