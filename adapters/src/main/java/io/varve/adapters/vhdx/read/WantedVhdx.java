package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.NamedPath;
import io.varve.adapters.chain.WantedParent;
import io.varve.adapters.vhdx.format.FileIdentifier;
import io.varve.adapters.vhdx.format.HeaderPair;
import io.varve.adapters.vhdx.format.ParentLocator;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The parent that a VHDX needs: the file whose DataWriteGuid is in its locator.
 *
 * @param linkages DataWriteGuids; the parent must have one of them
 * @param pairs of the locator
 */
public record WantedVhdx(String child, Set<UUID> linkages, Map<String, String> pairs) implements WantedParent {
    /** In the order of MS-VHDX 2.6.2.6.3. */
    public static final List<String> PATHS = List.of("relative_path", "volume_path", "absolute_win32_path");

    public static WantedVhdx of(VhdxLayer child) throws IOException {
        return of(child.location(), child.locator().orElseThrow());
    }

    /**
     * @param child name of the child for messages
     * @throws io.varve.store.fault.CorruptDataException if the locator does not say which file it needs
     */
    public static WantedVhdx of(String child, ParentLocator locator) throws IOException {
        return new WantedVhdx(child, locator.linkages(child), locator.pairs());
    }

    @Override
    public String format() {
        return "VHDX";
    }

    @Override
    public String identity() {
        return "DataWriteGuid " + linkages.stream().map(UUID::toString).collect(Collectors.joining(" or "));
    }

    @Override
    public List<NamedPath> paths() {
        return PATHS.stream()
                .filter(pairs::containsKey)
                .map(key -> new NamedPath(key, pairs.get(key)))
                .toList();
    }

    @Override
    public List<String> extensions() {
        return List.of("vhdx", "avhdx");
    }

    @Override
    public Optional<String> objection(ByteSource candidate) throws IOException {
        FileIdentifier.read(candidate);
        UUID found = HeaderPair.read(candidate).current().dataWriteGuid();
        return linkages.contains(found)
                ? Optional.empty()
                : Optional.of("has DataWriteGuid " + found
                        + ", so it was changed since the child was made, or is another disk");
    }
}
