package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.MachineRollback.Target;
import io.varve.adapters.vhdx.write.ExistingVhdx;
import io.varve.engine.port.TargetException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A machine's disk files, opened to be overwritten: all of them before the first is written to. */
final class OpenDisks implements Closeable {
    private final List<Disk> disks = new ArrayList<>();

    /** One of them. */
    record Disk(Target target, ExistingVhdx file) {}

    private OpenDisks() {}

    /**
     * Opens the files.
     *
     * @param host its name, for messages
     * @throws TargetException when one cannot be opened, or is not the disk that the host has there
     */
    static OpenDisks of(List<Target> targets, String host) throws IOException {
        OpenDisks open = new OpenDisks();
        try {
            for (Target target : targets) {
                ExistingVhdx file = ExistingVhdx.open(target.here());
                open.disks.add(new Disk(target, file));
                if (!file.id().equals(target.disk().id())
                        || file.size() != target.disk().size()) {
                    throw new TargetException(target.here() + ": expected disk "
                            + target.disk().id() + " of " + target.disk().size() + " bytes, as host " + host
                            + " has it at " + target.file() + ", found disk " + file.id() + " of " + file.size()
                            + ": it is another file (--map)");
                }
            }
            return open;
        } catch (IOException | RuntimeException e) {
            try (open) {
                throw e;
            }
        }
    }

    List<Disk> disks() {
        return List.copyOf(disks);
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Disk disk : disks) {
            try {
                disk.file().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
