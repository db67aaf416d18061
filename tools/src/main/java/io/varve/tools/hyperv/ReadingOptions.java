package io.varve.tools.hyperv;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How the disks of a host are read. */
final class ReadingOptions {
    @Option(
            names = "--read",
            defaultValue = "auto",
            paramLabel = "WAY",
            converter = ReadingWay.Converter.class,
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

    List<String> maps() {
        return maps;
    }
}
