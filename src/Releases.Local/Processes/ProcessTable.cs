using System.Globalization;
using System.Text;

namespace Releases.Local;

/// <summary>What Linux tells of a process in <c>/proc/&lt;pid&gt;/stat</c>.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Parent">The number of the process that started it, or that has it now.</param>
/// <param name="Session">The number of its session's first process.</param>
/// <param name="StartedAt">Its start in ticks since the system's.</param>
/// <param name="IsDead">Whether it has ended and only waits to be noticed.</param>
internal readonly record struct ProcessEntry(int Id, int Parent, int Session, long StartedAt, bool IsDead);

/// <summary>The processes of the system.</summary>
internal static class ProcessTable
{
    /// <summary>Changes with every start of the system, so that numbers of an earlier one are not mistaken for today's.</summary>
    public static string BootId { get; } = OperatingSystem.IsLinux() ? File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() : "";

    public static IEnumerable<ProcessEntry> All() => !OperatingSystem.IsLinux()
        ? []
        : Directory.EnumerateDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Find(id) : null)
            .OfType<ProcessEntry>();

    /// <summary>Everything alive that a process started, and what that started.</summary>
    public static IReadOnlyList<int> Descendants(int process)
    {
        var children = All().Where(p => !p.IsDead).ToLookup(p => p.Parent, p => p.Id);
        var found = new List<int>(children[process]);
        for (var i = 0; i < found.Count; i++) found.AddRange(children[found[i]]);
        return found;
    }

    /// <summary>The process, or null if no process has that number.</summary>
    public static ProcessEntry? Find(int id)
    {
        // The line is shorter, and the system gives all of it at once.
        Span<byte> read = stackalloc byte[1024];
        Span<char> text = stackalloc char[1024];
        try
        {
            using var file = File.OpenHandle($"/proc/{id}/stat");
            text = text[..Encoding.Latin1.GetChars(read[..RandomAccess.Read(file, read, 0)], text)];
        }
        catch (IOException)
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

    /// <summary>The processor time that it used, and those of its children that it has waited for; null if unknown.</summary>
    public static TimeSpan? ProcessorTime(int id)
    {
        if (!OperatingSystem.IsLinux() || Read($"/proc/{id}/stat") is not { } stat) return null;
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // USER_HZ is 100 on every architecture that .NET runs on.
        return TimeSpan.FromSeconds(fields.Skip(11).Take(4).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / 100.0);
    }

    /// <summary>Its program's name, at most 15 characters of it; null if there is no such process.</summary>
    public static string? NameOf(int id) => Read($"/proc/{id}/comm")?.Trim();

    /// <summary>The processes that were started with this variable in their environment, as far as this user may look.</summary>
    public static IReadOnlyList<int> WithVariable(string variable, string value)
    {
        var (entry, self) = ($"{variable}={value}", Environment.ProcessId);
        return [.. All().Where(p => !p.IsDead && p.Id != self && (Read($"/proc/{p.Id}/environ")?.Split('\0').Contains(entry) ?? false))
            .Select(p => p.Id)];
    }

    /// <summary>Resident memory in bytes; null if unknown.</summary>
    public static long? Memory(int id)
    {
        try
        {
            var pages = File.ReadAllText($"/proc/{id}/statm").Split(' ')[1];
            return long.Parse(pages, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
        catch (IOException)
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
