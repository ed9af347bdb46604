using System.Globalization;
using System.Runtime.InteropServices;

namespace Releases.Local;

/// <summary>What a process that stays for days keeps of the memory beside the apps that it runs.</summary>
public static partial class ResidentMemory
{
    private const int Smallest = 128 * 1024;
    private const int MostArenas = 2;

    /// <summary>
    /// The C library keeps an arena for each thread, and the more of what was freed the larger it was: ten times what SQLite and
    /// compression have in use. Large blocks go back to the system at once instead.
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
            // musl, which keeps nothing.
        }
    }

    /// <summary>Gives back what the work that has just ended needed: objects, native memory, and the program's own code for it.</summary>
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

        foreach (var (from, to) in UnchangedCode(File.ReadLines("/proc/self/smaps"), Environment.ProcessPath!))
            _ = madvise(from, to - from, MADV_DONTNEED);
    }

    /// <summary>
    /// What is mapped from the program's own file, can't be written, and never was: the system maps it again where it is needed. Tables
    /// that the loader wrote to and then protected have pages of their own, which would be lost. Only the program is mapped as a whole
    /// before it begins: a library may be loaded by another thread, and be written to, at any moment after this has looked.
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

        /// <summary>The first line of a mapping: <c>from-to access offset device inode file</c>; null: it is another line.</summary>
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

#pragma warning disable IDE1006, CA5392 // The C library's names.
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
