package io.varve.tools.nightly;

import java.util.List;
import java.util.Set;

/**
 * A machine in the plan of a night.
 *
 * @param disks {@code [NAME=]PATH}, as {@code varve backup} takes them
 * @param files {@code NAME=PATH}
 */
record PlannedMachine(String name, List<String> disks, List<String> files, Set<String> gone, JobFile.Policy policy) {}
