namespace Releases;

/// <summary>Writes files that readers always see complete: either the old content or the new content, never a mixture.</summary>
public static class AtomicFile
{
    /// <summary>Writes the content next to the file, then renames it over the file.</summary>
    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        // Two processes that write the same file at once don't share the temporary one.
        var temporary = $"{file}.{Environment.ProcessId}.tmp";
        using (var written = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read, 0))
        {
            written.Write(content);
            // Otherwise, after a power failure, the new name may have an empty file.
            written.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
