package io.varve.adapters;

/** What an operator says a disk image is. */
public enum SourceFormat {
    /** What its content and its name say; refused where they contradict each other. */
    AUTO,
    /** The disk byte for byte, whatever it looks like. */
    RAW,
    /** VHDX or VHD Set. */
    VHDX,
    /** VHD, whatever the file is called. */
    VHD
}
