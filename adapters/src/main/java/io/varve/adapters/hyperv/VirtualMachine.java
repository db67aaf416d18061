package io.varve.adapters.hyperv;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * A virtual machine of a host.
 *
 * @param id its GUID; names are not unique
 * @param version of its configuration, such as {@code 10.0}; empty where the host does not say
 * @param state Msvm_ComputerSystem.EnabledState
 */
public record VirtualMachine(UUID id, String name, String version, long state) {
    private static final Map<Long, String> STATES = Map.of(
            2L, "running",
            3L, "off",
            32768L, "paused",
            32769L, "saved",
            32770L, "starting",
            32771L, "taking a checkpoint",
            32773L, "saving",
            32774L, "stopping",
            32776L, "pausing",
            32777L, "resuming");

    /** The state in a word or two. */
    public String stateWord() {
        return STATES.getOrDefault(state, "state " + state);
    }

    /** Whether change tracking exists for machines of this configuration version (6.2 and later). */
    public boolean hasTracking() {
        String[] parts = version.toLowerCase(Locale.ROOT).split("\\.", 3);
        try {
            int major = Integer.parseInt(parts[0]);
            return major > 6 || major == 6 && parts.length > 1 && Integer.parseInt(parts[1]) >= 2;
        } catch (NumberFormatException e) {
            return true; // let the host decide
        }
    }
}
