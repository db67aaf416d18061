package io.varve.adapters;

/** The format of a disk image, as the operator gives it. */
public enum SourceFormat {
    /** Detected from content and name; refused if they contradict each other. */
    AUTO,
    /** Raw: the disk byte for byte, whatever it looks like. */
    RAW,
    /** VHDX or VHD Set. */
    VHDX,
    /** VHD, whatever the file's name is. */
    VHD
}
