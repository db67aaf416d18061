package io.varve.adapters.vhdx;

import io.varve.adapters.vhdx.DamageCatalogue.Damaged;
import java.util.List;
import java.util.stream.Stream;

/** Every damage that has a name: the one collection that tests of the reader, tests of the check, and fuzzers share. */
final class DamagedImages {
    private DamagedImages() {}

    static List<Damaged> all() {
        return Stream.of(new DamagedHeaders(), new DamagedTables(), new DamagedChains())
                .flatMap(catalogue -> catalogue.images.stream())
                .toList();
    }

    static Damaged named(String name) {
        return all().stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
