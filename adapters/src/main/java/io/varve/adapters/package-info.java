/**
 * The outside world behind the engine's ports. {@link io.varve.adapters.DiskImages} is the way in: it recognises what a
 * file is, and opens it with {@code raw}, {@code vhd} or {@code vhdx} ({@code read} and {@code write}).
 *
 * <p>The packages below do not know each other, with these exceptions. Disk formats read through the byte sources of
 * {@code file}, publish through its partial files, and find their parents with {@code chain}. {@code virtdisk},
 * {@code vss} and {@code hyperv} use {@code windows}; {@code virtdisk} and {@code hyperv} use {@code rct};
 * {@code hyperv} uses {@code virtdisk}; {@code vss} and {@code hyperv} open frozen disks through this package;
 * {@code hyperv} and {@code smb} use {@code login}; {@code rsvd} uses {@code smb}, {@code rct} and {@code file}. May
 * use the engine.
 */
package io.varve.adapters;
