/**
 * The part of WMI that Hyper-V needs, without the transport: objects, paths, queries and method calls in one namespace
 * of one host. {@link io.varve.adapters.hyperv.cim.Cim} is implemented over WS-Management ({@code wsman}); all values
 * are text, as on the wire. Uses nothing else of Varve.
 */
package io.varve.adapters.hyperv.cim;
