package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.tools.option.MappedFolder;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.ReadingWay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the disks of a host are read. */
final class ReadingOptions {
    @Option(
            names = "--read",
            defaultValue = "auto",
            paramLabel = "WAY",
            converter = WayConverter.class,
            description = "auto: choose one of the others, and print the reason. win32: on the host, change lists"
                    + " from virtdisk.dll. wmi-changes: from any computer, change lists over WMI. export: the"
                    + " host writes the disks, or what changed, into the folder of --export-to. direct: all of"
                    + " the host's files each night, without change lists. vss: on the host, from shadow copies."
                    + " rsvd: VHD sets on a Scale-Out File Server and no other disks, without a checkpoint."
                    + " Default: ${DEFAULT-VALUE}.")
    private ReadingWay way;

    @Option(
            names = "--map",
            paramLabel = "HOSTPATH=PATH",
            description = "A folder of the host that is mounted here, such as 'D:\\VMs=/mnt/hv1/vms', or that is read"
                    + " as smb://HOST/SHARE/PATH. Repeatable; not needed on the host itself.")
    private List<String> maps = new ArrayList<>();

    @Option(
            names = "--export-to",
            paramLabel = "HOSTPATH",
            description = "Folder for exports, as a path on the host: on one of its drives, or on a share that its"
                    + " computer account may write to. --map gives its place here. Exported files are removed"
                    + " once they have been read.")
    private String exportTo;

    Optional<String> exportTo() {
        return Optional.ofNullable(exportTo);
    }

    ReadingWay way() {
        return way;
    }

    /** What the host's folders are called here. */
    List<MappedFolder> mounts() throws UsageException {
        return MappedFolder.all(maps);
    }

    /** Where the host's files are found to be written. */
    HostPaths localPaths() throws UsageException {
        return MappedFolder.localPaths(mounts());
    }

    /** From the word on the command line. */
    static final class WayConverter implements ITypeConverter<ReadingWay> {
        @Override
        public ReadingWay convert(String text) {
            try {
                return ReadingWay.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
