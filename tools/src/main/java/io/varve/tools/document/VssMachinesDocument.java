package io.varve.tools.document;

import java.util.List;

@Says("The machines that the Hyper-V VSS writer offers.")
public record VssMachinesDocument(
        @Says("The machines, in the writer's order") List<VssMachineEntry> machines) {}
