package io.varve.tools.hyperv;

import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.HostOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which host creates a machine from what was restored, and how. */
final class RegisterOptions extends HostOptions {
    @Option(
            names = "--register",
            required = true,
            description = "Have the host create a machine from the restored disks and configuration, in place.")
    private boolean register;

    @Option(
            names = "--new-id",
            description = "Give the machine a new GUID, so that it can exist beside the one that was backed up.")
    private boolean newId;

    @Option(
            names = "--map",
            paramLabel = "HOSTPATH=PATH",
            description = "A folder of the host and its place on this computer, such as 'D:\\VMs=/mnt/hv1';"
                    + " --to-dir must be in one. Repeatable; not needed on the host itself.")
    private List<String> maps = new ArrayList<>();

    /** Whether it is wanted; {@code --register=false} says no. */
    boolean isWanted() {
        return register;
    }

    boolean isNew() {
        return newId;
    }

    List<MappedFolder> mounts() throws UsageException {
        return MappedFolder.all(maps);
    }
}
