package io.varve.adapters.vhd;

import io.varve.adapters.chain.NamedPath;
import io.varve.adapters.chain.WantedParent;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.WindowsGuid;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The parent that a differencing VHD needs: the file with the unique id that it names. The id does not change when the
 * parent is written to, so it identifies the disk but does not prove that it is unchanged; the format has no such
 * proof.
 */
record WantedVhd(String child, UUID parentId, List<NamedPath> paths) implements WantedParent {
    static WantedVhd of(VhdLayer child) throws IOException {
        DynamicHeader header = child.header().orElseThrow();
        if (header.parentId().equals(WindowsGuid.NIL)) {
            throw new CorruptDataException(
                    child.location(), header.offset() + 40, "the unique id of the parent", "the nil GUID");
        }
        List<NamedPath> paths =
                ParentNames.read(child.source(), header, child.footer().dataEnd());
        return new WantedVhd(child.location(), header.parentId(), paths);
    }

    @Override
    public String format() {
        return "VHD";
    }

    @Override
    public String identity() {
        return "unique id " + parentId;
    }

    @Override
    public List<String> extensions() {
        return List.of("vhd", "avhd");
    }

    @Override
    public Optional<String> objection(ByteSource candidate) throws IOException {
        UUID found = FooterSearch.run(candidate).uniqueId();
        return found.equals(parentId)
                ? Optional.empty()
                : Optional.of("has unique id " + found + ", so it is another disk");
    }
}
