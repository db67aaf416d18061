/**
 * Answers of resilient change tracking, however Windows was asked: locally through {@code virtdisk} or over WMI through
 * {@code hyperv}. Checks them as a whole. Knows neither way. May use the engine.
 */
package io.varve.adapters.rct;
