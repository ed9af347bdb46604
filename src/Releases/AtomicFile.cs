namespace Releases;

/// <summary>Writes files that readers always see complete: either the old content or the new content, never a mixture.</summary>
public static class AtomicFile
{
    /// <summary>Writes the content next to the file, then renames it over the file.</summary>
    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        var temporary = file + ".tmp";
        File.WriteAllBytes(temporary, content);
        File.Move(temporary, file, overwrite: true);
    }
}
