/**
 * WMI over WS-Management (DSP0226, as WinRM speaks it), from any computer. {@link io.varve.adapters.hyperv.wsman.WsMan}
 * builds requests and understands answers, {@link io.varve.adapters.hyperv.wsman.Post} carries them. May use
 * {@code cim} and {@code login}.
 */
package io.varve.adapters.hyperv.wsman;
