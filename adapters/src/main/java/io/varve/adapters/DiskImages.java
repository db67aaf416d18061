package io.varve.adapters;

import io.varve.adapters.chain.ParentSearch;
import io.varve.adapters.file.ByteSources;
import io.varve.adapters.file.LocalFile;
import io.varve.adapters.file.Reader;
import io.varve.adapters.file.UnsupportedImageException;
import io.varve.adapters.raw.RawDisk;
import io.varve.adapters.vhd.VhdChain;
import io.varve.adapters.vhdx.read.LayerTracker;
import io.varve.adapters.vhdx.read.VhdSet;
import io.varve.adapters.vhdx.read.VhdxChain;
import io.varve.engine.port.ByteSource;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.SourceFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens a disk image file, or a block device, whatever its format. */
public final class DiskImages {
    private DiskImages() {}

    /**
     * Opens {@code file} read-only; the caller closes the image. What is no known image is a raw disk. The parents of a
     * differencing disk are looked for in its own folder.
     *
     * @throws io.varve.store.fault.CorruptDataException when it is a damaged VHDX or VHD, or is called one and is none
     * @throws UnsupportedImageException when it is an image that is not read here; never opened as raw instead
     * @throws IOException when it cannot be read
     */
    public static DiskImage open(Path file, Reader reader) throws IOException {
        return open(file, SourceFormat.AUTO, reader, ParentSearch.sameFolder());
    }

    /**
     * As {@link #open(Path, Reader)}, with more places where the parents of a differencing disk may be.
     *
     * @param format what the file is, if somebody knows
     * @throws io.varve.adapters.chain.MissingParentException when a parent is not found
     */
    public static DiskImage open(Path file, SourceFormat format, Reader reader, ParentSearch search)
            throws IOException {
        return open(new LocalFile(file, reader), format, search);
    }

    /** As above, wherever the file lies. */
    public static DiskImage open(SourceFile file, SourceFormat format, ParentSearch search) throws IOException {
        ByteSource source = file.open();
        try {
            ImageKind kind = kind(source, file, format);
            switch (kind) {
                case VHDX:
                    return VhdxChain.open(source, file, search);
                case VHD:
                    return VhdChain.open(source, file, search);
                case VHD_SET:
                    return VhdSet.open(source, file, search);
                case RAW:
                    return RawDisk.open(source);
                default:
                    throw new UnsupportedImageException(file.location() + ": is " + kind.words()
                            + ", which Varve does not read: convert or unpack it first. If these are"
                            + " the disk's own bytes, use --format raw");
            }
        } catch (IOException | RuntimeException e) {
            try {
                source.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private static ImageKind kind(ByteSource source, SourceFile file, SourceFormat format) throws IOException {
        ImageKind content = ImageKind.byContent(source);
        switch (format) {
            case RAW:
                return ImageKind.RAW;
            case VHDX:
                return content == ImageKind.VHD_SET ? ImageKind.VHD_SET : ImageKind.VHDX;
            case VHD:
                return ImageKind.VHD;
            default:
                ImageKind named = ImageKind.byName(file.name()).orElse(content);
                boolean set = content == ImageKind.VHD_SET && named == ImageKind.VHDX;
                // Of a fixed VHD and of one that a crash left without a footer the content tells nothing, and of what
                // claims to be a VHDX or a VHD Set the reader tells what is wrong, with the place.
                boolean reads = named == ImageKind.VHD || named == ImageKind.VHDX || named == ImageKind.VHD_SET;
                if (named == content || set || reads && content == ImageKind.RAW) {
                    return set ? content : named;
                }
                throw new UnsupportedImageException(
                        file.location() + ": is " + content.words() + " by its content, but " + named.words()
                                + " by its name. Rename it, or state its format (--format)");
        }
    }

    private static Optional<ImageKind> nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? Optional.empty() : ImageKind.byName(name.toString());
    }

    /** How many bytes at the beginning of a disk tell what kind of file it looks like. */
    public static int tellingLength() {
        return ImageKind.LOOKED_AT;
    }

    /**
     * What {@code file} is, in words, if it is no raw disk, and would be destroyed by writing a disk's content over it.
     * A disk may begin like an image file, though, when a guest keeps one at its very beginning: a file that begins
     * like the content that is to be written is taken for raw, so that writing can be repeated.
     *
     * @param content the first {@link #tellingLength()} bytes of the content to be written, or all there are
     */
    public static Optional<String> container(Path file, byte[] content) throws IOException {
        Optional<ImageKind> named = nameOf(file);
        if (named.isPresent()) {
            return Optional.of(named.get().words());
        }
        try (ByteSource source = ByteSources.open(file, Reader.DIRECT)) {
            ImageKind begins = ImageKind.byContent(source);
            return begins == ImageKind.RAW || begins == ImageKind.byContent(content)
                    ? Optional.empty()
                    : Optional.of(begins.words());
        }
    }

    /** The change tracking that {@code image}, opened here, brings along: the layers of a chain, or none. */
    public static ChangeTracker tracker(DiskImage image) {
        return image instanceof VhdxChain chain ? new LayerTracker(chain) : ChangeTracker.none();
    }

    /** Locations of the files that {@code image}, opened here, consists of: the leaf first, its parents after it. */
    public static List<String> files(DiskImage image) {
        if (image instanceof VhdxChain chain) {
            return chain.locations();
        }
        return image instanceof VhdChain chain ? chain.locations() : List.of(image.location());
    }

    /**
     * What a file would be by the ending of its name, in words with an article, if that is a format that cannot be
     * written; empty for the others, and where the name says nothing.
     */
    public static Optional<String> foreignName(String fileName) {
        return ImageKind.byName(fileName)
                .filter(kind -> kind != ImageKind.VHDX && kind != ImageKind.VHD)
                .map(ImageKind::words);
    }
}
