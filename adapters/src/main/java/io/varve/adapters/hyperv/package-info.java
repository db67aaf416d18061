/**
 * Machines of a Hyper-V host, frozen by recovery checkpoints (WMI-based backup, Windows Server 2016 and later).
 * {@link io.varve.adapters.hyperv.HyperVSource} is the state machine of a night, as {@code docs/hyperv.md} draws it;
 * {@link io.varve.adapters.hyperv.HyperV} has the verbs it needs, over any transport of WMI ({@code cim}). Disks are
 * opened by the formats' own readers. May use {@code adapters}, {@code chain}, {@code cim}, {@code file}, {@code rct},
 * {@code virtdisk} and {@code windows}, and the engine and the store.
 */
package io.varve.adapters.hyperv;
