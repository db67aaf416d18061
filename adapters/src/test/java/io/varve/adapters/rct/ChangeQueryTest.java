package io.varve.adapters.rct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.rct.ChangePage.Told;
import io.varve.adapters.rct.ChangeQuery.ImpossibleAnswerException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeQueryTest {
    private static final long SIZE = 64L << 20;

    /**
     * Whoever answers tells all that begins in the piece of the disk that he processes, or a bit more, in any order.
     */
    @Test
    void howeverItIsToldItIsTheSame() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int run = 0; run < 200; run++) {
            List<Range> truth = new ArrayList<>();
            for (int i = 0; i < random.nextInt(40); i++) {
                long from = random.nextLong(SIZE - 1) / 512 * 512;
                truth.add(new Range(from, Math.min(SIZE - from, 512L * (1 + random.nextInt(5000)))));
            }
            int pieces = 1 + random.nextInt(9);
            RangeSet found = ChangeQuery.all(SIZE, (offset, length) -> {
                long processed = Math.min(length, 1 + random.nextLong(2 * SIZE / pieces));
                List<Told> told = new ArrayList<>();
                for (Range range : truth) {
                    boolean isTurn = range.offset() >= offset && range.offset() < offset + processed;
                    boolean isAhead = range.offset() >= offset + processed && random.nextInt(10) == 0;
                    if (isTurn || isAhead) {
                        told.add(random.nextInt(told.size() + 1), new Told(range.offset(), range.length()));
                    }
                }
                return new ChangePage(told, processed);
            });
            assertEquals(RangeSet.of(truth), found, "run " + run);
        }
    }

    @Test
    void aRangePastTheEndIsClipped() throws IOException {
        RangeSet found = ChangeQuery.all(
                SIZE, (offset, length) -> new ChangePage(List.of(new Told(SIZE - 512, 1 << 20)), length));
        assertEquals(RangeSet.of(new Range(SIZE - 512, 512)), found);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 512, 0", // no progress
        "0, 512, -1",
        "0, 512, 67108865", // more than there is
        "67108864, 512, 67108864", // behind the disk
        "-1, 512, 67108864",
        "0, 0, 67108864",
        "0, -512, 67108864",
        "4096, 9223372036854775807, 67108864"
    })
    void nonsenseVoidsTheList(long from, long length, long processed) {
        assertThrows(
                ImpossibleAnswerException.class,
                () -> ChangeQuery.all(
                        SIZE, (offset, asked) -> new ChangePage(List.of(new Told(from, length)), processed)));
    }

    @Test
    void whatGoesBackwardsVoidsTheList() {
        assertThrows(
                ImpossibleAnswerException.class,
                () -> ChangeQuery.all(
                        SIZE, (offset, asked) -> new ChangePage(List.of(new Told(0, 512)), Math.min(asked, 1 << 20))));
    }

    @Test
    void whatNeverEndsIsGivenUp() {
        ImpossibleAnswerException e = assertThrows(
                ImpossibleAnswerException.class,
                () -> ChangeQuery.all(64L << 40, (offset, asked) -> new ChangePage(List.of(), 1)));
        assertTrue(e.getMessage().contains("no end"), e.getMessage());
    }
}
