package io.varve.adapters.vss.worker;

import io.varve.adapters.vss.message.Reply.Machine;
import java.util.Optional;
import java.util.UUID;

/**
 * A machine as the writer's component: what has to be passed back to VSS exactly as it was reported.
 *
 * @param instance the writer's instance
 * @param logicalPath null pointers stay null: empty
 * @param name the machine's GUID as the writer spells it
 */
record Component(UUID instance, int type, Optional<String> logicalPath, String name, Machine machine) {}
