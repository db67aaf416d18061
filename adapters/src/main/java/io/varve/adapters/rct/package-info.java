/**
 * Answers of resilient change tracking, however Windows was asked: locally through {@code virtdisk} or over WMI through
 * {@code hyperv}. Checks them as a whole; uses nothing but the engine's ranges.
 */
package io.varve.adapters.rct;
