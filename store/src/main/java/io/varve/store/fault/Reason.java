package io.varve.store.fault;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Describes in words why an operation of the operating system failed. The exceptions for some failures contain only the
 * name of the file.
 */
public final class Reason {
    private Reason() {}

    /** As {@link #of}, without the name of the file, for messages that already contain it. */
    public static String bare(IOException failure) {
        if (failure instanceof FileSystemException e && e.getFile() != null) {
            String whole = of(failure);
            String file = e.getFile() + ": ";
            return whole.startsWith(file) ? whole.substring(file.length()) : whole;
        }
        return of(failure);
    }

    /**
     * As {@link #of}, and says what could not be done if the exception names only a file and a reason.
     *
     * @param step such as "cannot be read"
     */
    public static String of(IOException failure, String step) {
        boolean isBare = failure instanceof FileSystemException e
                && e.getClass() == FileSystemException.class
                && e.getFile() != null
                && e.getOtherFile() == null
                && e.getReason() != null;
        if (!isBare) {
            return of(failure);
        }
        FileSystemException bare = (FileSystemException) failure;
        return bare.getFile() + ": " + step + ": " + bare.getReason();
    }

    /** Describes {@code failure}, with the file if the exception names one. Never null. */
    public static String of(IOException failure) {
        String message = failure.getMessage();
        if (message == null) {
            return failure.toString();
        }
        if (failure instanceof NoSuchFileException) {
            return message + ": no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return message + ": exists already";
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return message + ": the directory is not empty";
        }
        return message;
    }
}
