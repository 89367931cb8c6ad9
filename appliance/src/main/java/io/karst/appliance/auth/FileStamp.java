package io.karst.appliance.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from the next: time of change, length and inode. Two equal stamps may still be two
 * versions when somebody writes twice within the file system's resolution, mostly some milliseconds.
 */
record FileStamp(long modifiedMillis, long length, @Nullable Object key) {
    /** No file, or one that cannot be looked at. */
    static final FileStamp NONE = new FileStamp(0, -1, null);

    static FileStamp of(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(attributes.lastModifiedTime().toMillis(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            return NONE;
        }
    }

    boolean differsFrom(FileStamp other) {
        return !Objects.equals(this, other);
    }
}
