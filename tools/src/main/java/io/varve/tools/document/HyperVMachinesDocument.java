package io.varve.tools.document;

import java.util.List;

@Says("The machines of a Hyper-V host.")
public record HyperVMachinesDocument(
        @Says("The machines, by name") List<HyperVMachineEntry> hostMachines) {}
