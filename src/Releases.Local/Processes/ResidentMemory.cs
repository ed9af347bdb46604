using System.Globalization;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>Limits the memory that a long-running process keeps, beside the apps that it runs.</summary>
public static partial class ResidentMemory
{
    private const int Smallest = 128 * 1024;
    private const int MostArenas = 2;

    /// <summary>
    /// Limits the C library's arenas. It keeps one per thread and retains freed memory, up to ten times what SQLite and compression use.
    /// Large blocks return to the system at once instead.
    /// </summary>
    public static void KeepLittle()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = mallopt(M_ARENA_MAX, MostArenas);
            _ = mallopt(M_MMAP_THRESHOLD, Smallest);
            _ = mallopt(M_TRIM_THRESHOLD, Smallest);
        }
        catch (EntryPointNotFoundException)
        {
            // musl retains nothing.
        }
    }

    /// <summary>
    /// Returns the memory of completed work to the system: objects, native memory, and the pages of the program's own code.
    /// </summary>
    public static void Release()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = malloc_trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // musl.
        }

        try
        {
            foreach (var (from, to) in UnchangedCode(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!))
                _ = madvise(from, to - from, MADV_DONTNEED);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // The pages of the code stay in memory until the next time, such as with too many open files.
        }
    }

    /// <summary>
    /// Returns the mappings of the program's own file that can't be written and never were; the system reads them again when needed. Tables
    /// that the loader wrote to and then protected have private pages, which would be lost. Only the program itself is completely mapped
    /// from the start: another thread may load a library, and write to it, at any time after this has looked.
    /// </summary>
    internal static IReadOnlyList<(nint From, nint To)> UnchangedCode(IEnumerable<string> smaps, string program)
    {
        var unchanged = new List<Mapping>();
        Mapping? last = null;
        foreach (var line in smaps)
        {
            if (Mapping.Read(line) is { } mapping)
            {
                last = mapping;
            }
            else if (last is { Access: "r-xp" or "r--p" } && line.StartsWith("Anonymous:", StringComparison.Ordinal)
                && line.AsSpan("Anonymous:".Length).Trim() is "0 kB")
            {
                unchanged.Add(last);
            }
        }

        return [.. unchanged.Where(m => m.File == program).Select(m => (m.From, m.To))];
    }

    private sealed record Mapping(nint From, nint To, string Access, string File)
    {
        private const int Fields = 6;

        /// <summary>
        /// Parses the first line of a mapping: <c>from-to access offset device inode file</c>. Returns null for other lines.
        /// </summary>
        public static Mapping? Read(string line)
        {
            var fields = line.Split(' ', Fields, StringSplitOptions.RemoveEmptyEntries);
            return fields is [var range, var access, _, _, _, ..] && range.Split('-') is [var from, var to]
                && Address(from) is { } first && Address(to) is { } end
                    ? new(first, end, access, fields.Length == Fields ? fields[^1] : "")
                    : null;
        }

        private static nint? Address(string text) =>
            nint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address) ? address : null;
    }

#pragma warning disable IDE1006, CA5392 // These are the C library's names.
    private const int M_TRIM_THRESHOLD = -1;
    private const int M_MMAP_THRESHOLD = -3;
    private const int M_ARENA_MAX = -8;
    private const int MADV_DONTNEED = 4;

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nint pad);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nint length, int advice);
#pragma warning restore IDE1006, CA5392
}
