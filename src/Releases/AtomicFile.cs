namespace Releases;

/// <summary>Files that readers see whole: the old content or the new one, and nothing in between.</summary>
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
