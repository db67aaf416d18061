package io.varve.store.gc;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every order of the steps of two backups, of forgetting and of three collections, with a crash anywhere. */
class ProtocolModelTest {
    @Test
    void noOrderOfStepsLosesAnything() {
        ProtocolModel model = new ProtocolModel(false);
        assertNull(model.search(3));
        assertTrue(model.states() > 10_000, model.states() + " states");
    }

    @Test
    void norWithCrashes() {
        ProtocolModel model = new ProtocolModel(true);
        assertNull(model.search(3));
        assertTrue(model.states() > 100_000, model.states() + " states");
    }

    /** The search would notice: with any rule left out it finds a history that goes wrong. */
    @ParameterizedTest
    @EnumSource(ProtocolModel.Mistake.class)
    void withoutARuleSomethingGoesWrong(ProtocolModel.Mistake mistake) {
        assertNotNull(new ProtocolModel(true, mistake).search(3));
    }
}
