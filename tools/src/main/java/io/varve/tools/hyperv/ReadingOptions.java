package io.varve.tools.hyperv;

import io.varve.adapters.hyperv.HostPaths;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.ReadingWay;
import java.util.ArrayList;
import java.util.List;
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
            description = "win32: on the host, change lists from virtdisk.dll. wmi-changes: from any computer,"
                    + " change lists over WMI. auto: win32 on the host, else wmi-changes."
                    + " Default: ${DEFAULT-VALUE}.")
    private ReadingWay way;

    @Option(
            names = "--map",
            paramLabel = "HOSTPATH=PATH",
            description = "A folder of the host that is mounted here, such as 'D:\\VMs=/mnt/hv1/vms'. Repeatable;"
                    + " not needed on the host itself.")
    private List<String> maps = new ArrayList<>();

    ReadingWay way() {
        return way;
    }

    /** What the host's folders are called here. */
    List<HostPaths.Mount> mounts() throws UsageException {
        List<HostPaths.Mount> mounts = new ArrayList<>();
        for (String map : maps) {
            try {
                mounts.add(HostPaths.Mount.parse(map));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--map: " + e.getMessage());
            }
        }
        return mounts;
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
