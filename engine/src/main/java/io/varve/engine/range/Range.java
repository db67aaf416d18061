package io.varve.engine.range;

/**
 * Half-open byte range {@code [offset, endOffset)} of a virtual disk.
 *
 * @param offset first byte, at least 0
 * @param length number of bytes, at least 1
 */
public record Range(long offset, long length) implements Comparable<Range> {
    public Range {
        if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException("not a range: offset " + offset + ", length " + length);
        }
    }

    /** The range from {@code offset} up to, not including, {@code endOffset}. */
    public static Range between(long offset, long endOffset) {
        return new Range(offset, endOffset - offset);
    }

    /** The first byte after the range. */
    public long endOffset() {
        return offset + length;
    }

    public boolean contains(long position) {
        return position >= offset && position < endOffset();
    }

    public boolean intersects(Range other) {
        return offset < other.endOffset() && other.offset < endOffset();
    }

    /** Orders by offset, then by length. */
    @Override
    public int compareTo(Range other) {
        int byOffset = Long.compare(offset, other.offset);
        return byOffset != 0 ? byOffset : Long.compare(length, other.length);
    }

    @Override
    public String toString() {
        return "[" + offset + ", " + endOffset() + ")";
    }
}
