package io.varve.adapters.hyperv;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What passes from a backup of a Hyper-V machine to the operator.
 *
 * @param notices told what the operator should know
 * @param warnings told what is wrong although the backup goes on: a code, short and stable, and a text
 * @param steps told what is being done at the host
 */
public record HyperVWords(Consumer<String> notices, BiConsumer<String, String> warnings, Consumer<String> steps) {}
