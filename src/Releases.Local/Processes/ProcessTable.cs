using System.Globalization;
using System.Text;

namespace Releases.Local;

/// <summary>Represents what Linux reports about a process in <c>/proc/&lt;pid&gt;/stat</c>.</summary>
/// <param name="Id">The process id.</param>
/// <param name="Parent">The id of its current parent.</param>
/// <param name="Session">The id of its session.</param>
/// <param name="StartedAt">Its start time, in clock ticks since boot.</param>
/// <param name="IsDead">Whether it has ended and only waits to be reaped.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, int Session, long StartedAt, bool IsDead);

/// <summary>Provides the processes of the system.</summary>
internal static class ProcessTable
{
    /// <summary>
    /// Gets an id that changes with every boot, so that process ids from an earlier boot aren't mistaken for current ones.
    /// </summary>
    public static string BootId { get; } = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    public static IEnumerable<ProcessEntry> All() => !OperatingSystem.IsLinux()
        ? []
        : Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null)
            .OfType<ProcessEntry>();

    /// <summary>Returns the ids of all live descendants of a process.</summary>
    public static IReadOnlyList<int> Descendants(int process)
    {
        var children = All().Where(p => !p.IsDead).ToLookup(p => p.Parent, p => p.Id);
        var found = new List<int>(children[process]);
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]]);
        return found;
    }

    /// <summary>Returns the process, or null if no process has this id or the system hides it (<c>hidepid</c>).</summary>
    /// <exception cref="IOException">Too many files are open, so nothing is known about the process.</exception>
    public static ProcessEntry? Find(int id)
    {
        // The line is shorter than this, and the kernel returns it in one read.
        Span<byte> read = stackalloc byte[1024];
        Span<char> text = stackalloc char[1024];
        try
        {
            using var file = File.OpenHandle($"/proc/{id}/stat");
            text = text[..Encoding.Latin1.GetChars(read[..RandomAccess.Read(file, read, 0)], text)];
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException && !OpenFileLimit.IsReached(hidden))
        {
            return null;
        }

        if (text.IsEmpty) return null;
        // The program's name is in parentheses and may hold anything; state is the first field after it.
        ReadOnlySpan<char> fields = text[(text.LastIndexOf(')') + 2)..];
        Span<Range> at = stackalloc Range[21];
        fields.Split(at, ' ');
        return new(id, int.Parse(fields[at[1]], CultureInfo.InvariantCulture), int.Parse(fields[at[3]], CultureInfo.InvariantCulture),
            long.Parse(fields[at[19]], CultureInfo.InvariantCulture), fields[0] is 'Z' or 'X');
    }

    /// <summary>Returns the processor time of a process and of its reaped children, or null if unknown.</summary>
    public static TimeSpan? ProcessorTime(int id)
    {
        if (!OperatingSystem.IsLinux() || Read($"/proc/{id}/stat") is not { } stat) return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // USER_HZ is 100 on every architecture that .NET runs on.
        return TimeSpan.FromSeconds(fields.Skip(11).Take(4).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / 100.0);
    }

    /// <summary>Returns the name of a process's program, at most 15 characters of it, or null if there is no such process.</summary>
    public static string? NameOf(int id) => Read($"/proc/{id}/comm")?.Trim();

    /// <summary>
    /// Returns the ids of the processes with this variable in their initial environment, as far as this user may read it.
    /// </summary>
    public static IReadOnlyList<int> WithVariable(string variable, string value)
    {
        var self = Environment.ProcessId;
        return [.. All().Where(p => !p.IsDead && p.Id != self && HasVariable(p.Id, variable, value)).Select(p => p.Id)];
    }

    /// <summary>
    /// Determines whether a process has this variable in its initial environment; false if this user may not read it.
    /// </summary>
    public static bool HasVariable(int id, string variable, string value) =>
        Read($"/proc/{id}/environ")?.Split('\0').Contains($"{variable}={value}") ?? false;

    /// <summary>Returns the resident memory of a process in bytes, or null if unknown.</summary>
    public static long? Memory(int id)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{id}/statm").Split(' ')[1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return null;
        }
    }
}
