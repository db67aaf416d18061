package io.varve.tools.output;

import io.varve.store.cache.UnpackedLibrary;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The native library by which JLine asks a terminal for its width, for the progress bar. JLine would unpack it into the
 * directory for temporary files.
 */
final class TerminalLibrary {
    private TerminalLibrary() {}

    /** To be called before JLine is. Without the library a bar is drawn for 80 columns. */
    static synchronized void prepare() {
        if (System.getProperty("library.jline.path") != null) {
            return;
        }
        try {
            String name = resource();
            Path library = UnpackedLibrary.of(
                    me.tongfei.progressbar.ProgressBar.class, name, name.substring(name.lastIndexOf('/') + 1));
            System.setProperty("library.jline.path", library.getParent().toString());
            System.setProperty("library.jline.name", library.getFileName().toString());
        } catch (IOException e) {
            // None for this platform, or no place for it: JLine must not look for another.
            System.setProperty("org.jline.terminal.jni", "false");
        }
    }

    private static String resource() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x86_64";
        if (os.startsWith("Windows")) {
            return "org/jline/nativ/Windows/" + arch + "/jlinenative.dll";
        }
        return os.startsWith("Mac")
                ? "org/jline/nativ/Mac/" + arch + "/libjlinenative.jnilib"
                : "org/jline/nativ/Linux/" + arch + "/libjlinenative.so";
    }
}
