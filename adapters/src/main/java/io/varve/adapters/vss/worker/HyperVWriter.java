package io.varve.adapters.vss.worker;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.ByteByReference;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.varve.adapters.vss.message.Reply.FileSpec;
import io.varve.adapters.vss.message.Reply.Machine;
import io.varve.adapters.windows.Guids;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads what the Hyper-V writer says of its machines. */
final class HyperVWriter {
    private static final String GUID = "\\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\}?";

    private final Windows windows;
    private final ComObject components;

    /** @param components of which writer metadata was gathered */
    HyperVWriter(Windows windows, ComObject components) {
        this.windows = windows;
        this.components = components;
    }

    /**
     * All machines of this host. Components that are no machine, such as the host's own configuration, are left out.
     *
     * @throws VssException when there is no such writer
     */
    List<Component> machines() throws IOException {
        IntByReference count = new IntByReference();
        components.invoke("GetWriterMetadataCount", VssAbi.GET_WRITER_METADATA_COUNT, count);
        for (int i = 0; i < count.getValue(); i++) {
            Memory instance = new Memory(Guids.SIZE);
            try (ComObject metadata = components.get("GetWriterMetadata", VssAbi.GET_WRITER_METADATA, i, instance)) {
                if (isHyperV(metadata)) {
                    return machines(Guids.read(instance, 0), metadata);
                }
            }
        }
        throw new VssException(
                "the host has no Hyper-V VSS writer: Hyper-V is not installed, the service vmms does not run, or this"
                        + " is not Windows Server",
                VssError.Outcome.FAIL);
    }

    private boolean isHyperV(ComObject metadata) throws VssException {
        Memory instance = new Memory(Guids.SIZE);
        Memory writer = new Memory(Guids.SIZE);
        PointerByReference name = new PointerByReference();
        metadata.invoke(
                "GetIdentity",
                VssAbi.METADATA_GET_IDENTITY,
                instance,
                writer,
                name,
                new IntByReference(),
                new IntByReference());
        windows.take(name);
        return Guids.read(writer, 0).equals(VssAbi.HYPERV_WRITER);
    }

    private List<Component> machines(UUID instance, ComObject metadata) throws IOException {
        IntByReference count = new IntByReference();
        metadata.invoke(
                "GetFileCounts", VssAbi.METADATA_GET_FILE_COUNTS, new IntByReference(), new IntByReference(), count);
        List<Component> found = new ArrayList<>();
        for (int i = 0; i < count.getValue(); i++) {
            try (ComObject component = metadata.get("GetComponent", VssAbi.METADATA_GET_COMPONENT, i)) {
                machine(instance, component).ifPresent(found::add);
            }
        }
        return found;
    }

    private Optional<Component> machine(UUID instance, ComObject component) throws IOException {
        PointerByReference returned = new PointerByReference();
        component.invoke("GetComponentInfo", VssAbi.COMPONENT_GET_INFO, returned);
        Pointer info = returned.getValue();
        int type;
        int files;
        Optional<String> logicalPath;
        String name;
        String caption;
        try {
            type = info.getInt(VssAbi.INFO_TYPE);
            files = info.getInt(VssAbi.INFO_FILE_COUNT);
            logicalPath = windows.text(info.getPointer(VssAbi.INFO_LOGICAL_PATH));
            name = windows.text(info.getPointer(VssAbi.INFO_NAME)).orElse("");
            caption = windows.text(info.getPointer(VssAbi.INFO_CAPTION)).orElse("");
        } finally {
            component.call(VssAbi.COMPONENT_FREE_INFO, info);
        }
        if (!name.matches(GUID)) {
            return Optional.empty();
        }
        List<FileSpec> specs = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            try (ComObject file = component.get("GetFile", VssAbi.COMPONENT_GET_FILE, i)) {
                specs.add(file(file));
            }
        }
        UUID id = UUID.fromString(name.replaceAll("[{}]", ""));
        return Optional.of(new Component(instance, type, logicalPath, name, new Machine(id, caption, specs)));
    }

    private FileSpec file(ComObject file) throws VssException {
        PointerByReference folder = new PointerByReference();
        file.invoke("GetPath", VssAbi.FILE_GET_PATH, folder);
        PointerByReference pattern = new PointerByReference();
        file.invoke("GetFilespec", VssAbi.FILE_GET_FILESPEC, pattern);
        ByteByReference recursive = new ByteByReference();
        file.invoke("GetRecursive", VssAbi.FILE_GET_RECURSIVE, recursive);
        return new FileSpec(windows.take(folder), windows.take(pattern), recursive.getValue() != 0);
    }
}
